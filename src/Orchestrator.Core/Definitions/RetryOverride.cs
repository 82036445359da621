namespace Orchestrator.Core.Definitions;

/// <summary>
/// What an operator has put in the place of values of every <see cref="RetryPolicy" /> for one participant. A value
/// that is null leaves the definition's. Immutable.
/// </summary>
/// <param name="First">See <see cref="RetryPolicy.First" />.</param>
/// <param name="Factor">See <see cref="RetryPolicy.Factor" />.</param>
/// <param name="Longest">See <see cref="RetryPolicy.Longest" />.</param>
/// <param name="Attempts">See <see cref="RetryPolicy.Attempts" />.</param>
/// <param name="Timeout">See <see cref="RetryPolicy.Timeout" />.</param>
public sealed record RetryOverride(
    TimeSpan? First, double? Factor, TimeSpan? Longest, int? Attempts, TimeSpan? Timeout)
{
    /// <summary>Overrides nothing.</summary>
    public static RetryOverride None { get; } = new(null, null, null, null, null);

    /// <summary>The policy that counts: this one's values, and where it has none those of a definition.</summary>
    public RetryPolicy Over(RetryPolicy policy) => new(
        First ?? policy.First,
        Factor ?? policy.Factor,
        Longest ?? policy.Longest,
        Attempts ?? policy.Attempts,
        Timeout ?? policy.Timeout);
}
