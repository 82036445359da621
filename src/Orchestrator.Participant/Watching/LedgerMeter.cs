using System.Diagnostics.Metrics;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Running;

namespace Orchestrator.Participant.Watching;

/// <summary>What a participant counts, in the meter <c>Orchestrator.Participant</c>.</summary>
internal sealed class LedgerMeter
{
    internal const string Name = "Orchestrator.Participant";

    private static readonly double[] Seconds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly ParticipantClock clock;
    private readonly Counter<long> commands;
    private readonly Histogram<double> commandDuration;
    private readonly Counter<long> undone;
    private readonly Histogram<double> undoLag;
    private readonly Counter<long> undoFailed;
    private readonly Counter<long> needsAttention;
    private readonly Counter<long> purged;
    private long held;
    private long nextDueAt = long.MaxValue;
    private long inDoubt;
    private long inDoubtSeconds;
    private long waiting;
    private long waitingSeconds;

    public LedgerMeter(IMeterFactory meters, ParticipantClock clock)
    {
        this.clock = clock;
        var meter = meters.Create(Name);
        commands = meter.CreateCounter<long>(
            "saga.ledger.commands", "{command}", "Commands that were answered, by command and answer.");
        commandDuration = Duration(
            "saga.ledger.command_duration", "How long commands took, handler and commit included.");
        undone = meter.CreateCounter<long>(
            "saga.ledger.undone", "{step}", "Steps undone by the participant's own clock.");
        undoLag = Duration("saga.ledger.undo_lag", "How long after their expiry steps were undone by that clock.");
        undoFailed = meter.CreateCounter<long>("saga.ledger.undo_failed", "{try}", "Tries of an undo that threw.");
        needsAttention = meter.CreateCounter<long>(
            "saga.ledger.needs_attention", "{step}", "Steps whose undo failed so often that a person should look.");
        purged = meter.CreateCounter<long>("saga.ledger.purged", "{step}", "Rows deleted after their retention.");
        Observe(meter);

        Histogram<double> Duration(string name, string help) => meter.CreateHistogram(
            name, "s", help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
    }

    internal void Answered(CommandKind command, LedgerAnswer answer, TimeSpan took)
    {
        var word = new KeyValuePair<string, object?>("command", WireWords.Of(command));
        commands.Add(1, word, new KeyValuePair<string, object?>("answer", answer.Code ?? "done"));
        commandDuration.Record(took.TotalSeconds, word);
    }

    internal void Undone(IReadOnlyList<TimeSpan> lags)
    {
        undone.Add(lags.Count);
        if (!undoLag.Enabled) return;
        foreach (var lag in lags) undoLag.Record(Math.Max(0, lag.TotalSeconds));
    }

    internal void UndoFailed(string action) => undoFailed.Add(1, new KeyValuePair<string, object?>("action", action));

    internal void NeedsAttention(string action) =>
        needsAttention.Add(1, new KeyValuePair<string, object?>("action", action));

    internal void Purged(int count) => purged.Add(count);

    internal void Held(long count) => Volatile.Write(ref held, count);

    /// <summary>When the next step is due, as the watcher saw it last; null when nothing is held.</summary>
    internal void NextDue(DateTimeOffset? at) => Volatile.Write(ref nextDueAt, at?.UtcTicks ?? long.MaxValue);

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

    private void Observe(Meter meter)
    {
        meter.CreateObservableGauge(
            "saga.ledger.held", () => Volatile.Read(ref held), "{step}",
            "Steps that are held, neither confirmed nor undone, counted about once a minute.");
        // It grows also while the watcher stands still or its database is away: nobody tells it otherwise then.
        meter.CreateObservableGauge(
            "saga.ledger.watcher_lag", WatcherLag, "s",
            "For how long the oldest expired step has waited for its undo; 0 when none does.");
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

    private double WatcherLag()
    {
        var late = clock.Now().UtcTicks - Volatile.Read(ref nextDueAt);
        return late > 0 ? TimeSpan.FromTicks(late).TotalSeconds : 0;
    }
}
