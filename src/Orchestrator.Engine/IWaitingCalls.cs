namespace Orchestrator.Engine;

/// <summary>
/// Calls of this engine's sagas that wait for their next try, of one participant or of all: after an outage they need
/// not wait on. Safe for any number of threads.
/// </summary>
public interface IWaitingCalls
{
    /// <summary>How many sagas have such a call now.</summary>
    /// <param name="participant">Whose calls; null for all participants.</param>
    /// <param name="definition">Sagas of this definition alone; null for all.</param>
    long Count(string? participant, string? definition);

    /// <summary>
    /// Lets all of them go now: the verb retry of each saga, recorded in its history, for that participant alone. It
    /// answers at once with the number of sagas and goes on behind; one that it does not come to any more, because the
    /// engine ends, goes when its own wait is over.
    /// </summary>
    /// <param name="participant">Whose calls; null for all participants.</param>
    /// <param name="definition">Sagas of this definition alone; null for all.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="reason">Why, in the operator's words; null for none.</param>
    long Release(string? participant, string? definition, string actor, string? reason);
}
