namespace Orchestrator.Benchmarks.Expiry;

/// <summary>Sagas that expired in one instant.</summary>
/// <param name="ExpiresAt">The instant.</param>
/// <param name="EndedAt">When the last of them was seen undone.</param>
/// <param name="Late">For each that was undone, milliseconds from the expiry until that was seen, ascending.</param>
internal sealed record Burst(DateTimeOffset ExpiresAt, DateTimeOffset EndedAt, IReadOnlyList<double> Late)
{
    /// <summary>What is under way shortly before the expiry meets the burst.</summary>
    private static readonly TimeSpan Guard = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether a saga was under way while the burst was being undone.</summary>
    public bool Met(OtherSaga saga) => saga.IsUnderWay(ExpiresAt, EndedAt);

    /// <summary>Whether a saga was under way in as long a time shortly before.</summary>
    public bool CameAfter(OtherSaga saga) =>
        saga.IsUnderWay(ExpiresAt - Guard - (EndedAt - ExpiresAt), ExpiresAt - Guard);
}
