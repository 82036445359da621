using System.Reflection;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace Orchestrator.Service.Telemetry;

/// <summary>Wires figures, and what goes out by OTLP.</summary>
internal static class OtlpSetup
{
    private const string ServiceName = "orchestrator";

    /// <summary>
    /// Adds it. Call it before the engine is added: what is started first is stopped last, so that the end of
    /// everything else still goes out. Throws <see cref="Hosting.StartRefusedException" />.
    /// </summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var settings = OtlpSettings.Read(builder.Configuration);
        builder.Services.AddSingleton<FigureReader>();
        builder.Services.AddSingleton(settings);
        if (!settings.IsOn) return;
        builder.Services.AddHostedService<OtlpExport>();
        if (!settings.Logs) return;
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(Resource());
            logs.AddOtlpExporter();
        });
    }

    /// <summary>Who we are, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES say otherwise.</summary>
    public static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService(
            ServiceName,
            serviceVersion: typeof(OtlpSetup).Assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
