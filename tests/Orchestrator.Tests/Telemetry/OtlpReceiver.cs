using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Tests.Telemetry;

/// <summary>A span as it came.</summary>
internal sealed record SeenSpan(
    string Service, string TraceId, string SpanId, string Parent, string Name, ulong Kind, ulong StartedAt,
    ulong EndedAt, IReadOnlyDictionary<string, string> Tags, ulong Status);

/// <summary>A log line as it came.</summary>
internal sealed record SeenLine(string Service, string TraceId, string Text);

/// <summary>A figure as it came.</summary>
internal sealed record SeenMetric(string Name, string Help, string Unit, bool IsHistogram);

/// <summary>Takes what is sent by OTLP over HTTP with protocol buffers, and keeps it.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private OtlpReceiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<SeenSpan> Spans { get; } = new();

    public ConcurrentQueue<SeenLine> Lines { get; } = new();

    public ConcurrentQueue<SeenMetric> Metrics { get; } = new();

    /// <summary>Everything that came, as text, to look for what must not be in it.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    public string Url => app.Urls.First();

    /// <summary>What the service needs on its command line to send here, soon.</summary>
    public string[] Settings =>
    [
        $"--OTEL_EXPORTER_OTLP_ENDPOINT={Url}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
        "--OTEL_BSP_SCHEDULE_DELAY=50", "--OTEL_BLRP_SCHEDULE_DELAY=50", "--OTEL_METRIC_EXPORT_INTERVAL=200",
    ];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        var receiver = new OtlpReceiver(web);
        web.MapPost("/v1/{signal}", receiver.TakeAsync);
        await web.StartAsync();
        return receiver;
    }

    /// <summary>The spans of a trace so far, by their beginning.</summary>
    public IReadOnlyList<SeenSpan> Trace(string traceId) =>
        [.. Spans.Where(span => span.TraceId == traceId).OrderBy(span => span.StartedAt)];

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext http, string signal)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Bodies.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        // Of all three signals: per resource, per scope, the items.
        foreach (var resource in WireFields.Read(body.ToArray()).Messages(1))
        {
            var service = resource.Messages(1).Single().Attributes(1)["service.name"];
            var items = resource.Messages(2).SelectMany(scope => scope.Messages(2));
            foreach (var item in items) Keep(signal, service, item);
        }
    }

    private void Keep(string signal, string service, WireFields item)
    {
        switch (signal)
        {
            case "traces":
                Spans.Enqueue(new SeenSpan(
                    service, item.Hex(1), item.Hex(2), item.Hex(4), item.Text(5), item.Number(6), item.Number(7),
                    item.Number(8), item.Attributes(9), item.Messages(15).FirstOrDefault()?.Number(3) ?? 0));
                break;
            case "logs":
                Lines.Enqueue(new SeenLine(service, item.Hex(9), item.Messages(5).Single().Text(1)));
                break;
            case "metrics":
                Metrics.Enqueue(new SeenMetric(item.Text(1), item.Text(2), item.Text(3), item.Has(9)));
                break;
            default:
                throw new InvalidDataException(signal);
        }
    }
}
