using System.Diagnostics.Metrics;

namespace Orchestrator.Participant.Watching;

/// <summary>What a participant counts, in the meter <c>Orchestrator.Participant</c>.</summary>
internal sealed class LedgerMeter
{
    internal const string Name = "Orchestrator.Participant";

    private readonly Counter<long> undone;
    private readonly Counter<long> undoFailed;
    private readonly Counter<long> needsAttention;
    private readonly Counter<long> purged;
    private long inDoubt;
    private long inDoubtSeconds;
    private long waiting;
    private long waitingSeconds;

    public LedgerMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        undone = meter.CreateCounter<long>(
            "saga.ledger.undone", "{step}", "Steps undone by the participant's own clock.");
        undoFailed = meter.CreateCounter<long>("saga.ledger.undo_failed", "{try}", "Tries of an undo that threw.");
        needsAttention = meter.CreateCounter<long>(
            "saga.ledger.needs_attention", "{step}", "Steps whose undo failed so often that a person should look.");
        purged = meter.CreateCounter<long>("saga.ledger.purged", "{step}", "Rows deleted after their retention.");
        meter.CreateObservableGauge(
            "saga.ledger.in_doubt", () => Volatile.Read(ref inDoubt), "{step}",
            "Confirmed steps that have not heard how their saga ended.");
        meter.CreateObservableGauge(
            "saga.ledger.in_doubt_age", () => Volatile.Read(ref inDoubtSeconds), "s", "Age of the oldest of them.");
        meter.CreateObservableGauge(
            "saga.outbox.waiting", () => Volatile.Read(ref waiting), "{event}", "Answers in the outbox.");
        meter.CreateObservableGauge(
            "saga.outbox.waiting_age", () => Volatile.Read(ref waitingSeconds), "s", "Age of the oldest of them.");
    }

    internal void Undone(int count) => undone.Add(count);

    internal void UndoFailed(string action) => undoFailed.Add(1, new KeyValuePair<string, object?>("action", action));

    internal void NeedsAttention(string action) =>
        needsAttention.Add(1, new KeyValuePair<string, object?>("action", action));

    internal void Purged(int count) => purged.Add(count);

    internal void InDoubt(long count, TimeSpan oldest)
    {
        Volatile.Write(ref inDoubt, count);
        Volatile.Write(ref inDoubtSeconds, (long)oldest.TotalSeconds);
    }

    internal void Waiting(long count, TimeSpan oldest)
    {
        Volatile.Write(ref waiting, count);
        Volatile.Write(ref waitingSeconds, (long)oldest.TotalSeconds);
    }
}
