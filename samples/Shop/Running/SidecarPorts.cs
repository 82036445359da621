using System.Globalization;
using System.Net;

namespace Shop.Running;

/// <summary>
/// The Dapr sidecar on 127.0.0.1 whose workflow engine runs the sagas, and those of the services, if they have any.
/// They run already; the shop does not start one.
/// </summary>
internal sealed record SidecarPorts(int Grpc, int Http)
{
    private const string GrpcOption = "dapr-grpc-port";
    private const string HttpOption = "dapr-http-port";
    private const string ServicesOption = "sidecars";

    /// <summary>Options that choose the engine and name the sidecars.</summary>
    internal static IReadOnlyList<string> Options { get; } = ["engine", GrpcOption, HttpOption, ServicesOption];

    /// <summary>
    /// HTTP ports of the services' own sidecars, by service: of all four, or empty when services are called directly.
    /// </summary>
    internal IReadOnlyDictionary<string, int> Services { get; init; } = new Dictionary<string, int>();

    /// <summary>What the orchestrator is started with to run on it.</summary>
    internal IEnumerable<string> OrchestratorArguments =>
    [
        "--Orchestrator:Engine=dapr",
        string.Create(CultureInfo.InvariantCulture, $"--DAPR_GRPC_PORT={Grpc}"),
        string.Create(CultureInfo.InvariantCulture, $"--DAPR_HTTP_PORT={Http}"),
    ];

    /// <summary>
    /// Reads the options; null for the embedded engine. Ports that are not given are those <c>dapr run</c> has put into
    /// the environment.
    /// </summary>
    internal static SidecarPorts? Read(CommandLine line)
    {
        switch (line.Get("engine"))
        {
            case "dapr":
                return new SidecarPorts(
                    Port(line, GrpcOption, "DAPR_GRPC_PORT"), Port(line, HttpOption, "DAPR_HTTP_PORT"))
                {
                    Services = ServicePorts(line),
                };
            case null or "embedded" when Options.Skip(1).All(option => line.Get(option) is null):
                return null;
            case null or "embedded":
                throw new CommandLineException(
                    $"--{GrpcOption}, --{HttpOption} and --{ServicesOption} need --engine dapr beside them.");
            case var other:
                throw new CommandLineException($"--engine takes embedded or dapr, not {other}.");
        }
    }

    private static int Port(CommandLine line, string option, string variable)
    {
        var text = line.Get(option) ?? Environment.GetEnvironmentVariable(variable)
            ?? throw new CommandLineException(
                $"--engine dapr needs a running sidecar: start this with `dapr run --app-id {ShopPorts.Orchestrator} "
                + $"-- dotnet run ...`, or name it with --{GrpcOption} and --{HttpOption}.");
        return Number(option, text);
    }

    private static Dictionary<string, int> ServicePorts(CommandLine line)
    {
        if (line.Get(ServicesOption) is not { } text) return [];
        var listed = text.Split(',', StringSplitOptions.TrimEntries);
        if (listed.Length != ShopPorts.Services.Count)
            throw new CommandLineException(
                $"--{ServicesOption} needs the HTTP ports of {ShopPorts.Services.Count} sidecars, of "
                + $"{string.Join(", ", ShopPorts.Services)}: --{ServicesOption} 3601,3602,3603,3604.");
        return ShopPorts.Services.Zip(listed.Select(each => Number(ServicesOption, each)))
            .ToDictionary(StringComparer.Ordinal);
    }

    private static int Number(string option, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= IPEndPoint.MaxPort
            ? port
            : throw new CommandLineException($"--{option} takes a port from 1 to {IPEndPoint.MaxPort}, not {text}.");
}
