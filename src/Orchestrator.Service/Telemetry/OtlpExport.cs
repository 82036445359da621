using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Orchestrator.Engine.Measuring;
using Orchestrator.Engine.Tracing;

namespace Orchestrator.Service.Telemetry;

/// <summary>
/// Sends spans and figures by OTLP while the service runs. A collector that is away costs nothing but what could not be
/// sent: queues are bounded, and a stop waits for it only a moment.
/// </summary>
internal sealed class OtlpExport(
    OtlpSettings settings, IConfiguration configuration, IMeterFactory meters, FigureReader figures,
    IServiceProvider services, ILogger<OtlpExport> logger) : IHostedService, IDisposable
{
    private TracerProvider? traces;
    private MeterProvider? metrics;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Traces)
        {
            traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(own => own.AddSingleton(configuration))
                .SetResourceBuilder(OtlpSetup.Resource())
                .AddSource(SagaSpans.SourceName)
                .AddOtlpExporter()
                .Build();
        }

        if (settings.Metrics)
        {
            MeterInstruments.Make(meters, figures);
            metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(own => own.AddSingleton(configuration))
                .SetResourceBuilder(OtlpSetup.Resource())
                .AddMeter(EngineMeter.MeterName)
                .AddOtlpExporter()
                .Build();
        }

        logger.TelemetryGoesOut(settings.Words);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        var patience = (int)ServiceLimits.TelemetryFlush.TotalMilliseconds;
        var logs = services.GetService<LoggerProvider>();
        return Task.WhenAll(
            Task.Run(() => traces?.Shutdown(patience), CancellationToken.None),
            Task.Run(() => metrics?.Shutdown(patience), CancellationToken.None),
            Task.Run(() => logs?.Shutdown(patience), CancellationToken.None));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }
}
