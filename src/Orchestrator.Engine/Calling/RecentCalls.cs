using System.Collections.Concurrent;
using Orchestrator.Core.History;

namespace Orchestrator.Engine.Calling;

/// <summary>
/// How the calls to each participant went in the last minute, for whoever looks at it. Kept in memory: after a start
/// nothing is known. Safe for any number of threads.
/// </summary>
public sealed class RecentCalls(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, CallWindow> windows = new(StringComparer.Ordinal);

    /// <summary>The participant's last minute; one that was never called has an empty one.</summary>
    public CallFigures Of(string participant) =>
        windows.TryGetValue(participant, out var window) ? window.Read(time.GetUtcNow()) : CallFigures.None;

    /// <summary>A call ended.</summary>
    internal void Note(string participant, Answer answer, TimeSpan took) =>
        windows.GetOrAdd(participant, static _ => new CallWindow()).Note(time.GetUtcNow(), answer, took);
}

/// <summary>The calls of a minute.</summary>
/// <param name="Calls">How many ended.</param>
/// <param name="Failures">How many of them without a usable answer: silence, or a status of 500 and above.</param>
/// <param name="Median">Half of them took at most so long, to a fifth; null when there was none.</param>
/// <param name="P99">Ninety-nine of a hundred took at most so long, to a fifth; null when there was none.</param>
/// <param name="LastAnswerAt">When the participant last answered anything; null when it never did.</param>
/// <param name="LastFailureAt">When a call last failed; null when none did.</param>
/// <param name="LastFailure">What came of that call, in words.</param>
public sealed record CallFigures(
    long Calls,
    long Failures,
    TimeSpan? Median,
    TimeSpan? P99,
    DateTimeOffset? LastAnswerAt,
    DateTimeOffset? LastFailureAt,
    string? LastFailure)
{
    /// <summary>Nothing is known.</summary>
    public static CallFigures None { get; } = new(0, 0, null, null, null, null, null);
}
