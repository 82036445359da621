using Orchestrator.Contract;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Simulator.Storing;

/// <summary>
/// What survives of the orchestrator: the rows its store would hold. A commit is checked as the SQL stores' keys check
/// it, and is there as a whole or not at all.
/// </summary>
internal sealed class MemoryDisk
{
    private readonly SortedDictionary<long, SavedSaga> sagas = [];
    private readonly Dictionary<string, long> numbers = [];
    private readonly Dictionary<StartKey, StoredStart> starts = [];
    private readonly SortedDictionary<long, EndingRow> endings = [];
    private readonly SortedDictionary<string, long> cursors = new(StringComparer.Ordinal);
    private readonly List<DefinitionRow> definitions = [];
    private readonly SortedDictionary<string, ParticipantEntry> participants = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, OutboxRow> outbox = [];
    private long nextEvent = 1;

    /// <summary>Number of the last commit.</summary>
    public long LastNumber { get; private set; }

    /// <summary>Every saga, oldest first.</summary>
    public IEnumerable<SavedSaga> Sagas => sagas.Values;

    /// <summary>Events that wait.</summary>
    public int Waiting => outbox.Count;

    /// <summary>The saga, or null.</summary>
    public SavedSaga? Find(string id) => numbers.TryGetValue(id, out var no) ? sagas[no] : null;

    /// <summary>The saga of that number.</summary>
    public SavedSaga? Find(long no) => sagas.GetValueOrDefault(no);

    /// <summary>The start of that key, or null.</summary>
    public StoredStart? FindStart(StartKey key) => starts.GetValueOrDefault(key);

    /// <summary>Definitions and participants.</summary>
    public StoredCatalog Catalog() => new(
        [.. definitions.OrderBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Version)],
        [.. participants.Values],
        outbox.Values.LongCount(row => row.Topic == SagaTopics.Facts));

    /// <summary>The endings after a number.</summary>
    public IReadOnlyList<EndingRow> Endings(long after, int limit) =>
        [.. endings.Values.Where(row => row.No > after).Take(limit)];

    /// <summary>How far each participant was told.</summary>
    public IReadOnlyList<EndingCursor> Cursors() =>
        [.. cursors.Select(cursor => new EndingCursor(cursor.Key, cursor.Value))];

    /// <summary>The events that may go out: of each saga and topic the oldest.</summary>
    public IReadOnlyList<WaitingEvent> Events(long after, int limit)
    {
        var seen = new HashSet<(string, string)>();
        return
        [
            .. outbox.Where(row => seen.Add((row.Value.SagaId, row.Value.Topic))).Where(row => row.Key > after)
                .Take(limit).Select(row => new WaitingEvent(row.Key, row.Value)),
        ];
    }

    /// <summary>Writes a commit.</summary>
    public void Write(StoreCommit commit)
    {
        if (commit.Number <= LastNumber)
            throw new StoreUnavailableException($"Commit {commit.Number} is not above {LastNumber}.");
        Check(commit);
        LastNumber = commit.Number;
        foreach (var row in commit.NewSagas) Begin(row);
        foreach (var row in commit.ChangedSagas) sagas[row.No].Summary = row.Saga;
        foreach (var no in commit.Rewrites) sagas[no].Turns.Clear();
        foreach (var turn in commit.Turns)
            sagas[turn.SagaNo].Turns.Add(new SavedTurn(turn.No, turn.Seq, turn.Count, turn.Body.ToArray()));
        foreach (var start in commit.Starts) starts.Add(start.Key, start with { Digest = start.Digest.ToArray() });
        foreach (var ending in commit.Endings) endings.Add(ending.No, ending);
        foreach (var cursor in commit.Cursors) cursors[cursor.Participant] = cursor.No;
        foreach (var no in endings.Keys.TakeWhile(no => no <= commit.EndingsToldUpTo).ToList()) endings.Remove(no);
        foreach (var id in commit.Purges) Purge(id);
        definitions.AddRange(commit.Definitions);
        foreach (var entry in commit.Participants) participants[entry.Name] = entry;
        foreach (var row in commit.Outbox)
        {
            foreach (var old in outbox.Where(waiting => waiting.Value.Id == row.Id).ToList()) outbox.Remove(old.Key);
            outbox.Add(nextEvent++, row);
        }

        foreach (var sent in commit.OutboxSent) outbox.Remove(sent);
    }

    private void Check(StoreCommit commit)
    {
        foreach (var row in commit.NewSagas)
            if (numbers.ContainsKey(row.Saga.Id))
                throw new StoreConflictException($"The saga {row.Saga.Id} is there already.");
        foreach (var start in commit.Starts)
            if (starts.ContainsKey(start.Key))
                throw new StoreConflictException($"The key {start.Key} is used already.");
        foreach (var turn in commit.Turns)
        {
            var next = commit.Rewrites.Contains(turn.SagaNo) ? 0 : sagas.GetValueOrDefault(turn.SagaNo)?.NextSeq ?? 0;
            if (turn.Seq != next)
                throw new StoreConflictException($"Saga {turn.SagaNo} has {next} events, a turn begins at {turn.Seq}.");
        }
    }

    private void Begin(SagaRow row)
    {
        sagas.Add(row.No, new SavedSaga(row.No, row.Saga));
        numbers.Add(row.Saga.Id, row.No);
    }

    private void Purge(string id)
    {
        if (Find(id) is not { IsClosed: true } closed) return;
        numbers.Remove(id);
        sagas.Remove(closed.No);
        foreach (var start in starts.Values.Where(start => start.SagaId == id).ToList()) starts.Remove(start.Key);
    }
}

/// <summary>A saga on disk.</summary>
internal sealed class SavedSaga(long no, SagaSummary summary)
{
    public long No => no;

    public string Id => Summary.Id;

    public SagaSummary Summary { get; set; } = summary;

    public List<SavedTurn> Turns { get; } = [];

    public int NextSeq => Turns.Count == 0 ? 0 : Turns[^1].Seq + Turns[^1].Count;

    public bool IsClosed => Summary.EndedAt is not null && !Summary.Unverified;

    public StoredSaga Stored() => new(
        no, Id, Summary.Definition, Summary.DefinitionVersion,
        [.. Turns.Select(turn => new ReadOnlyMemory<byte>(turn.Body))]);
}

/// <summary>A turn on disk.</summary>
internal sealed record SavedTurn(long No, int Seq, int Count, byte[] Body);
