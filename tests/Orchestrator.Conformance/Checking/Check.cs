namespace Orchestrator.Conformance.Checking;

/// <summary>One promise that is looked at.</summary>
/// <param name="Id">Stable name, for <c>--only</c> and for programs.</param>
/// <param name="Title">What a participant that keeps it does.</param>
/// <param name="Section">Where docs/protocol.md says so.</param>
/// <param name="Means">What it means when it is broken.</param>
/// <param name="Play">Plays it; throws when it is broken.</param>
internal sealed record Check(string Id, string Title, string Section, string Means, Func<Trial, Task> Play)
{
    /// <summary>When it is played.</summary>
    public Turn Turn { get; init; } = Turn.Alone;

    /// <summary>What must have been given on the command line for it, in words; null when all is there.</summary>
    public string? Lacks { get; init; }
}

/// <summary>When a check is played, so that waiting for expiries does not add up.</summary>
internal enum Turn
{
    /// <summary>Nothing else runs meanwhile; the goods are watched.</summary>
    Alone,

    /// <summary>Waits for an expiry, beside all others that do; the goods are looked at before and after all.</summary>
    Together,

    /// <summary>Kills the participant; after everything else.</summary>
    Last,
}

/// <summary>What became of a check.</summary>
internal enum Verdict
{
    Kept,
    Broken,
    NotChecked,

    /// <summary>This machine was too slow to see it; somewhere else it may be seen.</summary>
    Untold,
}

/// <summary>A check that was played, or why it was not.</summary>
internal sealed record Played(
    Check Check, Verdict Verdict, string? Why, IReadOnlyList<Exchange> Exchanges, TimeSpan Took);

/// <summary>A promise was broken; the message says what came instead.</summary>
internal sealed class BrokenException(string message) : Exception(message);

/// <summary>The participant does not offer what is to be checked, which it need not.</summary>
internal sealed class NotOfferedException(string message) : Exception(message);

/// <summary>This machine, or the participant on it, was too slow for an answer that says anything.</summary>
internal sealed class TooSlowException(string message)
    : Exception($"{message}; run it where less is going on, or give --hold more seconds");
