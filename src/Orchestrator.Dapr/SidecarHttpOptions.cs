using Microsoft.Extensions.Configuration;

namespace Orchestrator.Dapr;

/// <summary>The HTTP side of a sidecar: what publishing and calling applications need, whichever engine runs.</summary>
public sealed record SidecarHttpOptions
{
    /// <summary>The sidecar's HTTP address.</summary>
    public required Uri Address { get; init; }

    /// <summary>Sent as <c>dapr-api-token</c>; null when the sidecar asks for none.</summary>
    public string? ApiToken { get; init; }

    /// <summary>Name of the pub/sub component. Default <c>pubsub</c>.</summary>
    public string PubSub { get; init; } = "pubsub";

    /// <summary>
    /// Reads what <c>dapr run</c> and the sidecar injector set; null when neither <c>DAPR_HTTP_ENDPOINT</c> nor
    /// <c>DAPR_HTTP_PORT</c> is set, which means there is no sidecar. Throws <see cref="ArgumentException" /> with a
    /// sentence that names what to set.
    /// </summary>
    public static SidecarHttpOptions? Find(IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration["DAPR_HTTP_ENDPOINT"])
            && string.IsNullOrWhiteSpace(configuration["DAPR_HTTP_PORT"]))
            return null;
        var token = configuration["DAPR_API_TOKEN"];
        return new SidecarHttpOptions
        {
            Address = DaprOptions.HttpEndpointOf(configuration),
            ApiToken = string.IsNullOrWhiteSpace(token) ? null : token.Trim(),
        };
    }
}
