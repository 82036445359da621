using Orchestrator.Service.Hosting;

namespace Orchestrator.Service.Telemetry;

/// <summary>
/// What of traces, metrics and logs goes out by OTLP, by the standard's own variables (OTEL_*); nothing unless an
/// endpoint is named. Everything else about it (protocol, headers, sampler, intervals, resource) the SDK reads itself.
/// </summary>
/// <param name="Traces">Whether spans go out.</param>
/// <param name="Metrics">Whether figures go out.</param>
/// <param name="Logs">Whether log lines go out.</param>
internal sealed record OtlpSettings(bool Traces, bool Metrics, bool Logs)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>Whether anything does.</summary>
    public bool IsOn => Traces || Metrics || Logs;

    /// <summary>What goes out, in words.</summary>
    public string Words => string.Join(
        ", ", new[] { Traces ? "traces" : null, Metrics ? "metrics" : null, Logs ? "logs" : null }.OfType<string>());

    /// <summary>
    /// Reads it. Throws <see cref="StartRefusedException" /> for what the SDK would silently take for its default.
    /// </summary>
    public static OtlpSettings Read(IConfiguration configuration)
    {
        if (bool.TryParse(configuration["OTEL_SDK_DISABLED"], out var isDisabled) && isDisabled)
            return new OtlpSettings(false, false, false);
        CheckProtocol(configuration, "PROTOCOL");
        var isForAll = HasEndpoint(configuration, "ENDPOINT");
        return new OtlpSettings(IsOnFor("TRACES"), IsOnFor("METRICS"), IsOnFor("LOGS"));

        bool IsOnFor(string signal)
        {
            CheckProtocol(configuration, signal + "_PROTOCOL");
            return (HasEndpoint(configuration, signal + "_ENDPOINT") || isForAll)
                && IsExported(configuration, $"OTEL_{signal}_EXPORTER");
        }
    }

    /// <summary>Misspelt, it would keep quiet what somebody relies on.</summary>
    private static bool IsExported(IConfiguration configuration, string name) => configuration[name] switch
    {
        null or "" or "otlp" => true,
        "none" => false,
        _ => throw new StartRefusedException(
            $"{name} is neither \"otlp\" nor \"none\", and nothing else can be sent to here. Name one of them."),
    };

    private static bool HasEndpoint(IConfiguration configuration, string name)
    {
        if (configuration[Prefix + name] is not { Length: > 0 } value) return false;
        if (Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return true;
        throw new StartRefusedException(
            $"{Prefix}{name} is no http or https address. Name one, such as http://127.0.0.1:4317, or leave it out.");
    }

    private static void CheckProtocol(IConfiguration configuration, string name)
    {
        if (configuration[Prefix + name] is null or "" or "grpc" or "http/protobuf") return;
        throw new StartRefusedException($"{Prefix}{name} is neither \"grpc\" nor \"http/protobuf\". Name one of them.");
    }
}
