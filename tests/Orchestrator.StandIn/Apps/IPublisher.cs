namespace Orchestrator.StandIn.Apps;

/// <summary>An event an app hands to its sidecar.</summary>
/// <param name="Component">The pub/sub component.</param>
/// <param name="Topic">The topic.</param>
/// <param name="ContentType">What the data is, as the app said.</param>
/// <param name="Metadata">The query's <c>metadata.x</c>, without the prefix.</param>
/// <param name="Data">The body.</param>
internal sealed record PublishRequest(
    string Component,
    string Topic,
    string? ContentType,
    IReadOnlyDictionary<string, string> Metadata,
    ReadOnlyMemory<byte> Data);

/// <summary>What the sidecar says to it: 204, or a status with an error code and a sentence.</summary>
internal sealed record PublishReply(int Status, string? ErrorCode = null, string? Message = null);

/// <summary>
/// Takes what apps publish and brings it to the subscribers: the seam for a broker behind the stand-in. Started after
/// the ports are open, stopped before they close.
/// </summary>
internal interface IPublisher
{
    Task StartAsync(AppCaller apps, CancellationToken cancel);

    Task<PublishReply> PublishAsync(PublishRequest request, CancellationToken cancel);

    Task StopAsync();
}
