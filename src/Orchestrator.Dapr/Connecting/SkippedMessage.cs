namespace Orchestrator.Dapr.Connecting;

/// <summary>A message of a stream that was left out.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Head">
/// Its first bytes, at most <see cref="DaprLimits.HeadBytes" />; valid while it is told.
/// </param>
/// <param name="IsTooLarge">True for its size; else it cannot be read.</param>
/// <param name="Why">Why, as the rest of "it is ...".</param>
internal readonly record struct SkippedMessage(long Bytes, ReadOnlyMemory<byte> Head, bool IsTooLarge, string Why);
