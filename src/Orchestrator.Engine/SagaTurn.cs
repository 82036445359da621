using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Engine;

/// <summary>
/// The turn every engine takes: fold what happened, decide after each event at that event's own instant, fold what was
/// decided. Nothing of it counts before it is committed.
/// </summary>
public static class SagaTurn
{
    /// <summary>
    /// Folds <paramref name="e" /> and what it causes. All of it is appended to <paramref name="recorded" />, in the
    /// order in which it has to be stored.
    /// </summary>
    public static SagaState Take(SagaState state, SagaEvent e, List<SagaEvent> recorded)
    {
        state = SagaDecider.Evolve(state, e);
        recorded.Add(e);
        foreach (var decided in SagaDecider.Decide(state, e.At))
        {
            state = SagaDecider.Evolve(state, decided);
            recorded.Add(decided);
        }

        return state;
    }

    /// <summary>Folds a stored history from the start. Null when there is no event in it.</summary>
    public static StartedSaga? Refold(SagaDefinition definition, IReadOnlyList<ReadOnlyMemory<byte>> turns)
    {
        var state = SagaDecider.Before(definition);
        foreach (var turn in turns)
            foreach (var e in SagaEventJson.Read(turn))
                state = SagaDecider.Evolve(state, e);
        return state as StartedSaga;
    }

    /// <summary>The instant to record now: whole milliseconds, never before the saga's last event.</summary>
    public static DateTimeOffset InstantFor(StartedSaga saga, DateTimeOffset now)
    {
        var at = Contract.Instants.ToMilliseconds(now);
        return at < saga.LastAt ? saga.LastAt : at;
    }
}
