using Orchestrator.Tests.Tidy;

namespace Orchestrator.Tests.Deployment;

/// <summary>The files that Dapr reads, and the names its documentation gives to what is in them.</summary>
internal static class DaprFiles
{
    /// <summary>Properties of a component's metadata by its type and version.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Metadata = new Dictionary<string, string[]>(
        StringComparer.Ordinal)
    {
        ["state.redis/v1"] = ["redisHost", "redisPassword", "enableTLS", "failover", "sentinelMasterName", "actorStateStore"],
        ["pubsub.redis/v1"] = ["redisHost", "redisPassword", "enableTLS", "consumerID", "redeliverInterval", "processingTimeout"],
        ["state.postgresql/v2"] = ["connectionString", "timeout", "tablePrefix", "cleanupInterval", "maxConns", "actorStateStore"],
        ["state.sqlserver/v2"] =
            ["connectionString", "tableName", "metadataTableName", "schema", "cleanupIntervalInSeconds", "actorStateStore"],
        ["pubsub.rabbitmq/v1"] =
        [
            "connectionString", "consumerID", "durable", "deletedWhenUnused", "deliveryMode", "publisherConfirm", "autoAck",
            "requeueInFailure", "prefetchCount",
        ],
        ["secretstores.local.env/v1"] = ["prefix"],
    };

    /// <summary>Properties of <c>common</c> in a run file, all of which an app may have as well.</summary>
    public static readonly string[] RunShared =
    [
        "resourcesPaths", "configFilePath", "appProtocol", "enableAppHealthCheck", "appHealthCheckPath", "appHealthProbeInterval",
        "appHealthProbeTimeout", "appHealthThreshold", "logLevel", "appLogDestination", "daprdLogDestination", "env",
    ];

    /// <summary>Properties that only an app has.</summary>
    public static readonly string[] RunApp = ["appID", "appDirPath", "appPort", "daprHTTPPort", "daprGRPCPort", "command"];

    /// <summary>Every document below <c>components/</c>.</summary>
    public static IReadOnlyList<YamlDocumentOf> Resources { get; } =
    [
        .. SourceTree.Files.Where(file => file.IsIn("components") && file.Path.EndsWith(".yaml", StringComparison.Ordinal))
            .SelectMany(file => YamlFile.Read(file.Path)),
    ];

    public static YamlDocumentOf RunFile { get; } = YamlFile.Read("dapr.yaml").Single();

    public static IReadOnlyList<RunApp> Apps { get; } =
    [
        .. RunFile.Root.At("apps").Items().Select(app => new RunApp(
            app.Text("appID")!, app.Text("appPort")!, app.Text("appDirPath")!, app.At("command").Texts())),
    ];

    /// <summary>What the run file loads, all folders together.</summary>
    public static IReadOnlyList<YamlDocumentOf> Loaded(IEnumerable<string> folders)
    {
        var wanted = folders.Select(folder => folder.Replace("./", "", StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        return [.. Resources.Where(resource => wanted.Contains(resource.Folder))];
    }
}

/// <summary>A program of the run file.</summary>
internal sealed record RunApp(string Id, string Port, string Folder, IReadOnlyList<string> Command)
{
    /// <summary>What follows an option, as <c>--urls X</c> or <c>--urls=X</c>.</summary>
    public string? Option(string name)
    {
        for (var i = 0; i < Command.Count; i++)
        {
            if (Command[i] == name) return Command[i + 1];
            if (Command[i].StartsWith(name + "=", StringComparison.Ordinal)) return Command[i][(name.Length + 1)..];
        }

        return null;
    }
}
