using System.Buffers;
using System.Text;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Simulator.Carrying;
using Orchestrator.Simulator.Participating;
using Orchestrator.Simulator.Running;
using Orchestrator.Simulator.Storing;

namespace Orchestrator.Simulator.Checking;

/// <summary>
/// Sees everything that gets to a disk, the moment it does, and says at once when it breaks a promise of
/// docs/protocol.md, whoever would have noticed.
/// </summary>
internal sealed class Truth(World world)
{
    private readonly Dictionary<string, SagaTruth> sagas = [];
    private readonly List<string> known = [];
    private readonly Dictionary<(string Name, int Version), SagaDefinition> definitions = [];
    private readonly LedgerTruth ledgers = new(world);

    /// <summary>The ids of all sagas, oldest first.</summary>
    public IReadOnlyList<string> Known => known;

    /// <summary>What is known of a saga; null when it never started.</summary>
    public SagaTruth? Find(string saga) => sagas.GetValueOrDefault(saga);

    /// <summary>The fold of what is on disk.</summary>
    public StartedSaga? StateOf(string saga) => Find(saga)?.Saga;

    /// <summary>It was deleted after its end.</summary>
    public bool IsPurged(string saga) => Find(saga) is { IsPurged: true };

    /// <summary>A definition as the catalog gave it.</summary>
    public void Know(SagaDefinition definition) => definitions[(definition.Name, definition.Version)] = definition;

    /// <summary>A customer was told that its saga has started.</summary>
    public void Promised(string saga)
    {
        if (Find(saga) is { } promised) promised.IsPromised = true;
        else world.Journal.Wrong("start", $"saga {saga} was reported as started and is not on disk");
    }

    /// <summary>The orchestrator's disk has taken a commit.</summary>
    public void Written(StoreCommit commit, MemoryDisk disk)
    {
        world.Journal.Note($"commit {commit.Number}: {commit.Turns.Count} turns, {commit.Rows} rows");
        foreach (var turn in commit.Turns)
        {
            if (disk.Find(turn.SagaNo) is not { } saved)
            {
                // Run again and deleted in one commit: its last turn went with it.
                if (commit.Purges.Count == 0)
                    world.Journal.Wrong("commit", $"turn {turn.No} is of saga number {turn.SagaNo}, which is nowhere");
                continue;
            }

            world.Journal.Note($"  {saved.Id} {turn.Seq}+{turn.Count}", turn.Body.Span);
            // The writer uses its bytes again.
            Fold(saved, turn.Body.ToArray());
        }

        foreach (var id in commit.Purges)
            if (Find(id) is { } purged)
                Purge(id, purged);
    }

    /// <summary>A participant's disk has taken a commit.</summary>
    public void Moved(
        ParticipantDisk disk, SimulatedProcess process, Dictionary<LedgerKey, SeenRow> before,
        Dictionary<LedgerKey, SeenRow> after) => ledgers.Moved(disk, process, before, after);

    /// <summary>What the action of a step is asked to do.</summary>
    public void Asked(string saga, string step, Order order) => ledgers.Asked(saga, step, order);

    /// <summary>The row's state before a request is served.</summary>
    public AskedRow StateOf(ParticipantDisk disk, SimulatedRequest request) => ledgers.StateOf(disk, request);

    /// <summary>What the participant said to it.</summary>
    public void Answered(
        ParticipantDisk disk, SimulatedProcess process, SimulatedRequest request, AskedRow before,
        SimulatedResponse response) => ledgers.Answered(disk, process, request, before, response);

    /// <summary>The world is at rest: the books must balance.</summary>
    public void Close()
    {
        foreach (var node in world.Participants) ledgers.Close(node);
        foreach (var (id, saga) in sagas)
            if (saga.Saga?.IsClosed() != true)
                world.Journal.Wrong("liveness", $"saga {id} has not ended: {saga.Saga?.Phase()}");
    }

    private void Purge(string id, SagaTruth purged)
    {
        if (purged.Saga?.IsClosed() != true)
            world.Journal.Wrong("purge", $"saga {id} was purged in {purged.Saga?.Phase()}");
        purged.IsPurged = true;
    }

    private void Fold(SavedSaga saved, byte[] body)
    {
        if (!sagas.TryGetValue(saved.Id, out var saga))
        {
            var definition = definitions[(saved.Summary.Definition, saved.Summary.DefinitionVersion)];
            sagas[saved.Id] = saga = new SagaTruth(SagaDecider.Before(definition));
            known.Add(saved.Id);
        }

        var before = saga.State;
        var events = SagaEventJson.Read(body);
        foreach (var e in events)
        {
            world.Coverage.Event(saga.Saga, e);
            if (saga.Saga?.IsClosed() == true && e is CallSent or TimerSet or SagaEnded)
                world.Journal.Wrong("end", $"saga {saved.Id} has ended and goes on with {e}");
            if (saga.Saga is { } last && e.At < last.LastAt)
                world.Journal.Wrong("history", $"{e} of saga {saved.Id} is before {last.LastAt}");
            saga.State = SagaDecider.Evolve(saga.State, e);
            saga.MayExpireAt(saga.Saga!.ExpiresAt);
            if (saga.Saga.Extension is { } extension) saga.MayExpireAt(extension.To);
            if (e is ResolveRequested) saga.IsResolved = true;
            if (e is SagaEnded end) ledgers.Ended(saved.Id, saga, end);
        }

        Repeat(saved.Id, before, events, body);
    }

    /// <summary>
    /// A turn that is lost and taken again event by event, with more events behind, must decide what is on disk.
    /// </summary>
    private void Repeat(string id, SagaState state, IReadOnlyList<SagaEvent> events, ReadOnlySpan<byte> body)
    {
        var again = new List<SagaEvent>();
        foreach (var e in events)
            if (e is not (CallSent or TimerSet or SagaEnded))
                state = SagaTurn.Take(state, e, again);
        var bytes = new ArrayBufferWriter<byte>(body.Length);
        using (var writer = SagaEventJson.CreateWriter(bytes)) SagaEventJson.Write(writer, again);
        if (!bytes.WrittenSpan.SequenceEqual(body))
        {
            world.Journal.Wrong("turn", $"saga {id}: taken again event by event, the turn is "
                + $"{Encoding.UTF8.GetString(bytes.WrittenSpan)} instead of {Encoding.UTF8.GetString(body)}");
        }
    }
}
