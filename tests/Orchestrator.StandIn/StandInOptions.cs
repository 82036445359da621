using Microsoft.Extensions.Configuration;

namespace Orchestrator.StandIn;

/// <summary>How a stand-in runs; the command line's names are those of daprd.</summary>
internal sealed record StandInOptions
{
    /// <summary>The app beside this sidecar.</summary>
    public string AppId { get; init; } = "app";

    /// <summary>Ports on 127.0.0.1; 0 for free ones.</summary>
    public int GrpcPort { get; init; }

    public int HttpPort { get; init; }

    /// <summary>Demanded of every call when set.</summary>
    public string? ApiToken { get; init; }

    /// <summary>The file that keeps instances over a restart; null for none.</summary>
    public string? DataFile { get; init; }

    /// <summary>Whether items go out only one by one, when a test says so.</summary>
    public bool StepByStep { get; init; }

    /// <summary>The folder of component files, for who serves publishing.</summary>
    public string? Resources { get; init; }

    /// <summary>Where apps are, by id; the one beside this sidecar is among them when it has a port.</summary>
    public IReadOnlyDictionary<string, Uri> Apps { get; init; } = new Dictionary<string, Uri>();

    /// <summary>
    /// Reads <c>--app-id</c>, <c>--app-port</c>, <c>--dapr-grpc-port</c>, <c>--dapr-http-port</c>,
    /// <c>--dapr-api-token</c>, <c>--resources-path</c> (also <c>--resources</c>), <c>--data</c> and
    /// <c>--apps id=address,id=address</c>.
    /// </summary>
    public static StandInOptions Read(string[] args)
    {
        var given = new ConfigurationBuilder().AddCommandLine(args).Build();
        var apps =
            (given["apps"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => new Uri(pair[1]), StringComparer.Ordinal);
        var id = given["app-id"] ?? "app";
        if (given["app-port"] is { } port) apps[id] = new Uri($"http://127.0.0.1:{port}");
        return new StandInOptions
        {
            AppId = id,
            GrpcPort = given.GetValue("dapr-grpc-port", 0),
            HttpPort = given.GetValue("dapr-http-port", 0),
            ApiToken = given["dapr-api-token"],
            DataFile = given["data"],
            Resources = given["resources-path"] ?? given["resources"],
            Apps = apps,
        };
    }
}
