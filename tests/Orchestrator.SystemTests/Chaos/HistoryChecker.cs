using System.Globalization;
using Shop.Serving;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>
/// Holds a saga's public record against the promises P1 to P5 of docs/protocol.md, section 6. Each line it gives names
/// the promise that is broken.
/// </summary>
internal sealed class HistoryChecker(Disturbances troubles)
{
    /// <summary>The sweep, and what a busy machine is forgiven beyond it.</summary>
    private static readonly TimeSpan LatestUndo = TimeSpan.FromSeconds(1 + 4);

    private static readonly string[] Armed = ["create-order", "reserve-stock", "charge"];

    /// <summary>How many undos were looked at for their lateness: those of participants that were left alone.</summary>
    internal int UndosTimed { get; private set; }

    /// <summary>How late the latest of them was.</summary>
    internal TimeSpan LatestSeen { get; private set; }

    /// <summary>What is wrong with this saga; empty when nothing is.</summary>
    internal IEnumerable<string> Check(SagaRecord saga)
    {
        var ends = saga.History.Where(e => e.Type == "saga-ended").ToList();
        if (ends is not [{ Outcome: { } outcome } end])
            return [$"P4: saga {saga.Id} has {ends.Count} ends."];
        return
        [
            .. CheckHistory(saga, end),
            .. outcome == "completed" ? CheckCompleted(saga, end) : CheckCompensated(saga, end),
            .. saga.Rows.SelectMany(row => CheckRow(saga, outcome, row.Key, row.Value)),
            .. saga.Effects.SelectMany(step => CheckEffects(saga, step.Key, step.Value)),
        ];
    }

    private static IEnumerable<string> CheckHistory(SagaRecord saga, HistoryEvent end)
    {
        if (!saga.History.Select(e => e.Seq).SequenceEqual(Enumerable.Range(1, saga.History.Count)))
            yield return $"History of {saga.Id}: its numbers are not 1 to {saga.History.Count}.";
        if (saga.History.Any(e => e.Seq > end.Seq && e.Type == "call-sent"))
            yield return $"P6: saga {saga.Id} sends a call after its end.";
        if (saga.History.FirstOrDefault(e => e.Type.EndsWith("-requested", StringComparison.Ordinal)) is { } act)
            yield return $"P4: somebody helped saga {saga.Id}: {act.Type}.";
    }

    private static IEnumerable<string> CheckCompleted(SagaRecord saga, HistoryEvent end)
    {
        var dispatched = saga.History.FirstOrDefault(e => e.Step == "dispatch" && e.IsSent("do"))?.Seq ?? int.MaxValue;
        foreach (var step in Armed)
        {
            var confirmed = saga.History.FirstOrDefault(e => e.Step == step && e.IsAnswered("confirm", 200))?.Seq;
            if (confirmed is null || confirmed > end.Seq)
                yield return $"P3: saga {saga.Id} is completed, but {step} has not acknowledged its confirm.";
            if (confirmed > dispatched)
                yield return $"P5: saga {saga.Id} sent its parcel (seq {dispatched}) before {step} was confirmed ({confirmed}).";
        }

        if (saga.History.Any(e => e.IsSent("undo") && e.Seq > dispatched))
            yield return $"P5: saga {saga.Id} went back after its parcel was sent.";
    }

    // A history that was compacted does not tell each answer any more.
    private static IEnumerable<string> CheckCompensated(SagaRecord saga, HistoryEvent end)
    {
        if (saga.History.Any(e => e.Step == "dispatch" && e.IsSent("do")))
            yield return $"P5: saga {saga.Id} is compensated although its parcel was asked for.";
        if (saga.History.Any(e => e.Type == "tries-counted")) yield break;
        foreach (var step in Armed.Where(step => saga.History.Any(e => e.Step == step && e.IsSent("do"))))
        {
            var isRefused = saga.History.Any(e => e.Step == step && e.IsAnswered("do", 409) && e.Code == "refused");
            var isUndone = saga.History.Any(e => e.Step == step && e.IsAnswered("undo", 200) && e.Seq < end.Seq);
            if (!isRefused && !isUndone)
                yield return $"P3: saga {saga.Id} is compensated, but {step} has not acknowledged its undo.";
        }
    }

    private static IEnumerable<string> CheckRow(SagaRecord saga, string outcome, string step, RowRead? row)
    {
        var isAsked = saga.History.Any(e => e.Step == step && e.Type == "call-sent");
        string[] right = outcome == "completed" ? ["confirmed"]
            : isAsked ? ["undone", "refused", "barred", "none"] : ["none"];
        var state = row?.State ?? "none";
        if (!right.Contains(state, StringComparer.Ordinal))
            yield return $"P3: saga {saga.Id} is {outcome}, but the ledger of {step} says {state}.";
    }

    private IEnumerable<string> CheckEffects(SagaRecord saga, string step, IReadOnlyList<Effect> effects)
    {
        var names = effects.Select(effect => effect.Name).ToList();
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count)
            yield return $"P6: {step} of saga {saga.Id} had an effect twice: {string.Join(", ", names)}.";
        var undone = effects.FirstOrDefault(effect => effect.Name == Effects.Undone);
        if (undone is { AskedBy: "expiry" } && names.Contains(Effects.Confirmed, StringComparer.Ordinal))
            yield return $"P1: {step} of saga {saga.Id} was confirmed and undone by its own clock.";
        if (undone is null || names.Contains(Effects.Confirmed, StringComparer.Ordinal)) yield break;
        if (saga.Rows[step]?.ExpiresAt is not { } expiresAt) yield break;
        var undoneAt = DateTimeOffset.Parse(undone.At, CultureInfo.InvariantCulture);
        if (!troubles.LeftAlone(PublicRecord.OwnerOf[step], expiresAt - TimeSpan.FromSeconds(1), undoneAt)) yield break;
        UndosTimed++;
        if (undoneAt - expiresAt > LatestSeen) LatestSeen = undoneAt - expiresAt;
        if (undoneAt - expiresAt > LatestUndo)
            yield return $"P2: {step} of saga {saga.Id} was undone by {undone.AskedBy} at {undone.At}, {undoneAt - expiresAt} after its expiry, undisturbed.";
    }
}
