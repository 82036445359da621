using System.Collections.Immutable;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>
/// Shortens the history of a saga that tries the same calls again and again: the tries before the last one of each
/// call, within the phase the saga is in, become one <see cref="TriesCounted" />. The fold of what is left is the same
/// state, but for the number of events. For engines that have to carry a history along; the stored history is never
/// shortened.
/// </summary>
public static class HistoryCompaction
{
    /// <summary>
    /// Compacts a history. Each event comes with its seq, and keeps it. <paramref name="history" /> begins with the
    /// start.
    /// </summary>
    public static ImmutableArray<(int Seq, SagaEvent Event)> Compact(
        SagaDefinition definition, IReadOnlyList<(int Seq, SagaEvent Event)> history)
    {
        var (lastSent, from) = LookThrough(definition, history);
        var begun = new HashSet<(string Step, CommandKind Command)>();
        var kept = ImmutableArray.CreateBuilder<(int Seq, SagaEvent Event)>();
        var state = SagaDecider.Before(definition);
        for (var i = 0; i < history.Count; i++)
        {
            var (seq, e) = history[i];
            // Whether a call was ever sent matters to answers of other calls, so its first try stays where it is.
            var isFirst = e is CallSent sent && begun.Add((sent.Step, sent.Command));
            var key = i > from && !isFirst ? CallOf(e, lastSent) : null;
            if (key is { } call && i == lastSent[call]) kept.Add((seq, Counted((StartedSaga)state, call, e.At)));
            if (key is not { } tried || i >= lastSent[tried]) kept.Add((seq, e));
            state = SagaDecider.Evolve(state, e);
        }

        return kept.DrainToImmutable();
    }

    /// <summary>Where the last try of each call is, and where the present phase was entered.</summary>
    private static (Dictionary<(string Step, CommandKind Command), int> LastSent, int From) LookThrough(
        SagaDefinition definition, IReadOnlyList<(int Seq, SagaEvent Event)> history)
    {
        var lastSent = new Dictionary<(string, CommandKind), int>();
        var from = 0;
        var state = SagaDecider.Before(definition);
        for (var i = 0; i < history.Count; i++)
        {
            // An extend is tried a few times at most, so its tries may stay.
            if (history[i].Event is CallSent { Command: not CommandKind.Extend } sent)
                lastSent[(sent.Step, sent.Command)] = i;
            var after = SagaDecider.Evolve(state, history[i].Event);
            if (after.GetType() != state.GetType()) from = i;
            state = after;
        }

        return (lastSent, from);
    }

    /// <summary>The call an event is a part of, when later tries of that call can stand for it.</summary>
    private static (string Step, CommandKind Command)? CallOf(
        SagaEvent e, Dictionary<(string Step, CommandKind Command), int> lastSent) => e switch
        {
            CallSent sent when lastSent.ContainsKey((sent.Step, sent.Command)) => (sent.Step, sent.Command),
            CallAnswered answered when lastSent.ContainsKey((answered.Step, answered.Command)) =>
                (answered.Step, answered.Command),
            TriesCounted counted when lastSent.ContainsKey((counted.Step, counted.Command)) =>
                (counted.Step, counted.Command),
            TimerSet set => WaitOf(set.Timer, lastSent),
            TimerPassed passed => WaitOf(passed.Timer, lastSent),
            _ => null,
        };

    private static (string Step, CommandKind Command)? WaitOf(
        string timer, Dictionary<(string Step, CommandKind Command), int> lastSent)
    {
        foreach (var call in lastSent.Keys)
            if (timer.StartsWith(CallNames.Of(call.Step, call.Command) + "/", StringComparison.Ordinal))
                return call;
        return null;
    }

    /// <summary>What the tries before the last one came to.</summary>
    private static TriesCounted Counted(StartedSaga saga, (string Step, CommandKind Command) call, DateTimeOffset at)
    {
        var step = saga.FindKey(call.Step)!;
        return new TriesCounted
        {
            At = at,
            Step = call.Step,
            Command = call.Command,
            Tally = step.Of(call.Command).Tally,
            FirstSentAt = step.StartedAt,
            MayStillRun = step.MayStillRun,
            UndosAcknowledged = step.UndoAcknowledged,
            UndosBefore = step.UndosBefore,
            LedgerLost = step.LedgerLost,
            HasLedger = step.HasLedger,
            HasAnsweredWithoutLedger = step.HasAnsweredWithoutLedger,
        };
    }
}
