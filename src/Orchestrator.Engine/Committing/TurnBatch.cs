using System.Buffers;
using System.Text.Json;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Auditing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// The commit that is being put together: turns of sagas, folded and decided, and whatever else is to be written.
/// Nothing of it is visible before <see cref="Turns" /> are taken over. Used by the commit loop alone, again and again.
/// </summary>
internal sealed class TurnBatch
{
    private readonly ArrayBufferWriter<byte> bytes = new(64 * 1024);
    private readonly Utf8JsonWriter writer;
    private readonly List<(int Start, int Length)> bodies = [];
    private readonly Stack<PendingTurn> spare = new();

    public TurnBatch() => writer = SagaEventJson.CreateWriter(bytes);

    /// <summary>What will be written.</summary>
    public StoreCommit Commit { get; } = new();

    /// <summary>The turns taken so far.</summary>
    public List<PendingTurn> Turns { get; } = [];

    /// <summary>Keys of starts that are known: stored, or used earlier in this commit.</summary>
    public Dictionary<StartKey, StoredStart> Starts { get; } = [];

    /// <summary>The last number used.</summary>
    public long LastNumber { get; set; }

    /// <summary>The instant of this commit.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>Starts a saga: the first turn of a new one.</summary>
    public LiveSaga Begin(SagaDefinition definition, SagaStarted start)
    {
        var number = ++LastNumber;
        var saga = new LiveSaga(start.SagaId, number);
        var turn = NewTurn(saga, SagaDecider.Before(definition), 0, number);
        turn.IsStart = true;
        turn.State = SagaTurn.Take(turn.State, start, turn.Events);
        Keep(turn);
        return saga;
    }

    /// <summary>A saga that runs elsewhere and that our store does not know; its history is to follow.</summary>
    public LiveSaga Adopt(string sagaId) => new(sagaId, LastNumber + 1);

    /// <summary>
    /// Appends to a saga what was folded and decided elsewhere. <paramref name="state" /> is the fold of all of it.
    /// </summary>
    public void Append(LiveSaga saga, StartedSaga state, IReadOnlyList<SagaEvent> events)
    {
        if (saga.Pending is { } pending)
        {
            pending.State = state;
            pending.Events.AddRange(events);
            return;
        }

        var isStart = saga.State is null;
        var turn = NewTurn(saga, state, isStart ? 0 : saga.State!.Version, ++LastNumber);
        turn.IsStart = isStart;
        turn.Events.AddRange(events);
        Keep(turn);
    }

    /// <summary>Writes a saga's history anew: what was stored is not what happened.</summary>
    public void Rewrite(LiveSaga saga, StartedSaga state, IReadOnlyList<SagaEvent> events)
    {
        if (saga.State is not null) Commit.Rewrites.Add(saga.No);
        var turn = NewTurn(saga, state, 0, ++LastNumber);
        turn.Known = saga.State?.Version ?? 0;
        turn.IsStart = saga.State is null;
        turn.Events.AddRange(events);
        Keep(turn);
    }

    /// <summary>The saga as it is after what this commit holds so far; null when its start failed.</summary>
    public static StartedSaga? StateOf(LiveSaga saga) => saga.Pending?.State as StartedSaga ?? saga.State;

    /// <summary>Folds one event of a saga and what it causes. When that throws, nothing of it is kept.</summary>
    public void Take(LiveSaga saga, SagaEvent e)
    {
        if (saga.Pending is { } pending)
        {
            var count = pending.Events.Count;
            try
            {
                pending.State = SagaTurn.Take(pending.State, e, pending.Events);
            }
            catch
            {
                pending.Events.RemoveRange(count, pending.Events.Count - count);
                throw;
            }

            return;
        }

        var turn = NewTurn(saga, saga.State!, saga.State!.Version, LastNumber + 1);
        turn.State = SagaTurn.Take(turn.State, e, turn.Events);
        LastNumber++;
        Keep(turn);
    }

    /// <summary>Encodes the turns into the commit. After it nothing is added.</summary>
    public void Seal()
    {
        foreach (var turn in Turns)
        {
            var start = bytes.WrittenCount;
            writer.Reset(bytes);
            SagaEventJson.Write(writer, turn.Events);
            bodies.Add((start, bytes.WrittenCount - start));
            AddRows(turn);
        }

        // The buffer may have moved while it grew, so slices are taken at the end.
        for (var i = 0; i < Turns.Count; i++)
        {
            var turn = Turns[i];
            var body = bytes.WrittenMemory.Slice(bodies[i].Start, bodies[i].Length);
            Commit.Turns.Add(new TurnRow(turn.No, turn.Saga.No, turn.FirstSeq, turn.Events.Count, body));
        }

        Commit.Number = Turns.Count == 0 ? ++LastNumber : LastNumber;
        Commit.Base = (Turns.Count == 0 ? Commit.Number : Turns[0].No) - 1;
    }

    /// <summary>The commit is written: takes over the numbers the store has given what is new.</summary>
    public void Renumber()
    {
        if (Commit.Shift == 0) return;
        foreach (var turn in Turns)
        {
            if (turn.Saga.No > Commit.Base) turn.Saga.No += Commit.Shift;
            turn.No += Commit.Shift;
        }

        for (var i = 0; i < Commit.Endings.Count; i++)
            Commit.Endings[i] = Commit.Endings[i] with { No = Commit.Endings[i].No + Commit.Shift };
        LastNumber = Commit.Number;
    }

    /// <summary>
    /// Forgets everything, so that the next commit can be put together. States that were committed stay as they are.
    /// </summary>
    public void Clear()
    {
        foreach (var turn in Turns)
        {
            turn.Saga.Pending = null;
            turn.Saga = null!;
            turn.State = null!;
            turn.Events.Clear();
            spare.Push(turn);
        }

        Turns.Clear();
        Starts.Clear();
        Commit.Clear();
        bodies.Clear();
        bytes.ResetWrittenCount();
    }

    private void AddRows(PendingTurn turn)
    {
        var state = (StartedSaga)turn.State;
        for (var i = turn.Known; i < turn.Events.Count; i++)
            if (turn.Events[i] is VerbRequested verb) AddVerb(turn.Saga.State, state, verb);
        turn.View = ListView.Of(state);
        turn.IsListed = turn.IsStart || turn.View != turn.Saga.View;
        if (turn.IsListed)
            (turn.IsStart ? Commit.NewSagas : Commit.ChangedSagas)
                .Add(new SagaRow(turn.Saga.No, SagaSummaries.Of(state)));
        if (state is not Ended ended) return;
        IReadOnlyList<string> participants = turn.Saga.State is Ended before
            ? [.. ended.ParticipantsToTell().Except(before.ParticipantsToTell())]
            : ended.ParticipantsToTell();
        if (participants.Count > 0)
            Commit.Endings.Add(new EndingRow(turn.No, turn.Saga.Id, ended.End.Outcome, participants));
    }

    private void AddVerb(StartedSaga? before, StartedSaga after, VerbRequested verb)
    {
        Commit.Audits.Add(SagaAudits.Of(verb, before, after));
        if (verb.Batch is { } batch)
            Commit.Batches.Answers.Add(
                new BatchAnswer(batch, after.Start.SagaId, BatchFate.Accepted, null, null, verb.At));
    }

    private PendingTurn NewTurn(LiveSaga saga, SagaState state, int firstSeq, long number)
    {
        if (!spare.TryPop(out var turn)) turn = new PendingTurn();
        turn.Saga = saga;
        turn.State = state;
        turn.FirstSeq = firstSeq;
        turn.No = number;
        turn.IsStart = false;
        turn.Known = 0;
        return turn;
    }

    private void Keep(PendingTurn turn)
    {
        turn.Saga.Pending = turn;
        Turns.Add(turn);
    }
}
