namespace Orchestrator.Core.Definitions;

/// <summary>How a call that got no answer is tried again. Immutable.</summary>
/// <param name="First">Wait before the second attempt.</param>
/// <param name="Factor">Growth of the wait per attempt, at least 1.</param>
/// <param name="Longest">The wait grows no further than this.</param>
/// <param name="Attempts">
/// After so many attempts an undo, a pivot or a retriable step makes the saga stuck; it goes on at the longest wait.
/// </param>
/// <param name="Timeout">How long one call may take.</param>
public sealed record RetryPolicy(TimeSpan First, double Factor, TimeSpan Longest, int Attempts, TimeSpan Timeout)
{
    /// <summary>
    /// The policy of a definition that names none: 200 ms, doubled up to 30 s, 10 attempts, 5 s each.
    /// </summary>
    public static RetryPolicy Default { get; } =
        new(TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromSeconds(30), 10, TimeSpan.FromSeconds(5));

    /// <summary>
    /// The wait after attempt <paramref name="attempt" /> (1, 2, 3 ...) of a call: exponential, never above
    /// <see cref="Longest" />, shortened by up to a fifth by a jitter that follows from the saga, the call and the
    /// attempt alone, so that the same turn decided again waits until the same instant.
    /// </summary>
    public TimeSpan DelayAfter(string sagaId, string call, int attempt)
    {
        var exponent = Math.Min(Math.Max(attempt, 1) - 1, 62);
        var milliseconds = Math.Min(First.TotalMilliseconds * Math.Pow(Factor, exponent), Longest.TotalMilliseconds);
        var shortened = Math.Floor(milliseconds * (1 - (0.2 * Jitter(sagaId, call, attempt))));
        return TimeSpan.FromMilliseconds(Math.Max(1, shortened));
    }

    /// <summary>The wait at the longest interval, jittered alike.</summary>
    public TimeSpan LongestDelay(string sagaId, string call, int attempt) =>
        TimeSpan.FromMilliseconds(
            Math.Max(1, Math.Floor(Longest.TotalMilliseconds * (1 - (0.2 * Jitter(sagaId, call, attempt))))));

    /// <summary>
    /// FNV-1a over saga, call and attempt, as a fraction in [0, 1). string.GetHashCode differs between processes.
    /// </summary>
    private static double Jitter(string sagaId, string call, int attempt)
    {
        const uint prime = 16777619;
        var hash = 2166136261u;
        foreach (var c in sagaId) hash = (hash ^ c) * prime;
        foreach (var c in call) hash = (hash ^ c) * prime;
        hash = (hash ^ (uint)attempt) * prime;
        hash ^= hash >> 15;
        return (hash & 0xFFFF) / 65536.0;
    }
}
