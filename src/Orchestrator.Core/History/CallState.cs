using Orchestrator.Core.Deciding;

namespace Orchestrator.Core.History;

/// <summary>What was counted over the tries of one call.</summary>
/// <param name="Attempt">Times the command itself was sent.</param>
/// <param name="Tries">Attempts and askings together; names the timers.</param>
/// <param name="Failures">Tries that brought no usable answer.</param>
/// <param name="NeedsPerson">True once trying alone is not expected to help.</param>
/// <param name="LastError">What the last useless try brought.</param>
public sealed record CallTally(int Attempt, int Tries, int Failures, bool NeedsPerson, string? LastError)
{
    /// <summary>Nothing was tried.</summary>
    public static CallTally None { get; } = new(0, 0, 0, false, null);
}

/// <summary>How far one command of one step has come. A closed union, immutable.</summary>
public abstract record CallState(CallTally Tally)
{
    /// <summary>Never sent.</summary>
    public sealed record NotSent() : CallState(CallTally.None)
    {
        /// <summary>The only one.</summary>
        public static NotSent Instance { get; } = new();
    }

    /// <summary>Sent; the answer is not recorded.</summary>
    public sealed record Underway(CallTally Tally, string? AskAt) : CallState(Tally);

    /// <summary>To be tried again at an instant; <paramref name="TimerIsSet" /> once that is recorded.</summary>
    public sealed record Waiting(CallTally Tally, string? AskAt, DateTimeOffset DueAt, bool TimerIsSet)
        : CallState(Tally)
    {
        /// <summary>
        /// True for a wait that no verb ends: the second undo has to come behind a <c>do</c> that may still run.
        /// </summary>
        public bool IsFixed { get; init; }
    }

    /// <summary>The wait is over: send now.</summary>
    public sealed record Ready(CallTally Tally, string? AskAt) : CallState(Tally);

    /// <summary>The first answer that counts has come.</summary>
    public sealed record Answered(CallTally Tally, Verdict Verdict) : CallState(Tally);

    /// <summary>Sent under a key that was given up; its answer counts no more, an undo of it is owed.</summary>
    public sealed record Abandoned(CallTally Tally) : CallState(Tally);
}
