using System.Globalization;
using System.Net;

namespace Shop.Running;

/// <summary>
/// The Dapr sidecar on 127.0.0.1 whose workflow engine runs the sagas. It runs already; the shop does not start one.
/// </summary>
internal sealed record SidecarPorts(int Grpc, int Http)
{
    private const string GrpcOption = "dapr-grpc-port";
    private const string HttpOption = "dapr-http-port";

    /// <summary>Options that choose the engine and name the sidecar.</summary>
    internal static IReadOnlyList<string> Options { get; } = ["engine", GrpcOption, HttpOption];

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
                    Port(line, GrpcOption, "DAPR_GRPC_PORT"), Port(line, HttpOption, "DAPR_HTTP_PORT"));
            case null or "embedded" when line.Get(GrpcOption) is null && line.Get(HttpOption) is null:
                return null;
            case null or "embedded":
                throw new CommandLineException($"--{GrpcOption} and --{HttpOption} need --engine dapr beside them.");
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
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= IPEndPoint.MaxPort
            ? port
            : throw new CommandLineException($"--{option} takes a port from 1 to {IPEndPoint.MaxPort}, not {text}.");
    }
}
