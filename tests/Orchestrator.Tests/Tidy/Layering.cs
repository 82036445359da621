namespace Orchestrator.Tests.Tidy;

/// <summary>What a project may be built on. Tests and benchmarks may use any package.</summary>
internal sealed record Layer(
    string[] References, string[] Packages, bool MayUseAspNetCore = true, bool AnyPackage = false);

/// <summary>The table of docs/architecture.md, "May depend on".</summary>
internal static class Layering
{
    private static readonly string[] Sqlite = ["Microsoft.Data.Sqlite", "SQLitePCLRaw.bundle_e_sqlite3", "SQLitePCLRaw.core"];

    private static readonly string[] SqlServer =
    [
        "Microsoft.Data.SqlClient", "System.Configuration.ConfigurationManager", "Microsoft.Extensions.Caching.Memory",
        "System.Security.Cryptography.Pkcs",
    ];

    public static readonly IReadOnlyDictionary<string, Layer> Table = new Dictionary<string, Layer>
    {
        ["Orchestrator.Contract"] = new([], [], MayUseAspNetCore: false),
        ["Orchestrator.Core"] = new(["Orchestrator.Contract"], [], MayUseAspNetCore: false),
        ["Orchestrator.Engine"] = new(["Orchestrator.Core"], ["YamlDotNet"]),
        ["Orchestrator.Embedded"] = new(["Orchestrator.Engine"], []),
        ["Orchestrator.Dapr"] = new(["Orchestrator.Engine"], ["Google.Protobuf", "Grpc.Tools"]),
        ["Orchestrator.Storage"] = new(["Orchestrator.Engine"], ["Dapper", "Npgsql", .. Sqlite, .. SqlServer]),
        ["Orchestrator.Participant"] = new(["Orchestrator.Contract"], ["Dapper"]),
        ["Orchestrator.Service"] = new(
            ["Orchestrator.Engine", "Orchestrator.Embedded", "Orchestrator.Dapr", "Orchestrator.Storage"],
            [
                "Microsoft.AspNetCore.OpenApi", "Microsoft.IdentityModel.JsonWebTokens",
                "Microsoft.IdentityModel.Protocols.OpenIdConnect", "OpenTelemetry", "OpenTelemetry.Api",
                "OpenTelemetry.Exporter.OpenTelemetryProtocol",
            ]),
        ["Shop"] = new(["Orchestrator.Participant"], ["Dapper", "Spectre.Console", .. Sqlite]),
        ["Orchestrator.Tests"] = Tests,
        ["Orchestrator.SystemTests"] = Tests,
        ["Orchestrator.Benchmarks"] = Tests,
        ["Orchestrator.Databases"] = new([], ["Npgsql", "xunit", .. SqlServer]),
        ["Orchestrator.Conformance"] = new(["Orchestrator.Contract"], []),
        ["Orchestrator.Simulator"] = Tests,
        ["Orchestrator.StandIn"] = new(["Orchestrator.Dapr"], ["Google.Protobuf", "Grpc.Tools"]),
    };

    private static Layer Tests => new(
        [
            "Orchestrator.Contract", "Orchestrator.Core", "Orchestrator.Engine", "Orchestrator.Embedded", "Orchestrator.Dapr",
            "Orchestrator.Storage", "Orchestrator.Participant", "Orchestrator.Service", "Orchestrator.StandIn", "Shop",
            "Orchestrator.Databases", "Orchestrator.Conformance",
            "Orchestrator.Simulator",
        ],
        [],
        AnyPackage: true);

    public static IEnumerable<string> Check(Project project)
    {
        if (!Table.TryGetValue(project.Name, out var layer))
            return [$"{project.Name} is not in the table: say there what it may depend on."];
        return
        [
            .. project.References.Except(layer.References).Select(name => $"{project.Name} must not reference {name}."),
            .. layer.AnyPackage
                ? []
                : project.Packages.Except(layer.Packages).Select(name => $"{project.Name} must not use package {name}."),
            .. project.UsesAspNetCore && !layer.MayUseAspNetCore
                ? [$"{project.Name} is pure and must not use ASP.NET Core."]
                : Array.Empty<string>(),
        ];
    }
}
