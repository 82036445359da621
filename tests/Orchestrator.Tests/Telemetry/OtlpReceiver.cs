using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Orchestrator.Service.Telemetry;

namespace Orchestrator.Tests.Telemetry;

/// <summary>A span as it came.</summary>
internal sealed record SeenSpan(
    string Service, string TraceId, string SpanId, string Parent, string Name, ulong Kind, ulong StartedAt,
    ulong EndedAt, IReadOnlyDictionary<string, string> Tags, ulong Status);

/// <summary>A log line as it came.</summary>
internal sealed record SeenLine(string Service, string TraceId, string Text);

/// <summary>A figure as it came.</summary>
internal sealed record SeenMetric(string Name, string Help, string Unit, bool IsHistogram);

/// <summary>
/// Takes what is sent by OTLP with protocol buffers, over HTTP or over gRPC without TLS, and keeps it.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    public const string OverHttp = "http/protobuf";
    public const string OverGrpc = "grpc";

    private const int FrameHead = 5;

    private readonly WebApplication app;
    private readonly string protocol;

    private OtlpReceiver(WebApplication app, string protocol) => (this.app, this.protocol) = (app, protocol);

    /// <summary>The status calls of gRPC are answered with; what is not 0 is not kept.</summary>
    public int GrpcStatus { get; set; }

    /// <summary>How many calls of gRPC were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>The values of the header authorization that came.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = new();

    public ConcurrentQueue<SeenSpan> Spans { get; } = new();

    public ConcurrentQueue<SeenLine> Lines { get; } = new();

    public ConcurrentQueue<SeenMetric> Metrics { get; } = new();

    /// <summary>Everything that came, as text, to look for what must not be in it.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    public string Url => app.Urls.First();

    /// <summary>What the service needs on its command line to send here, soon.</summary>
    public string[] Settings =>
    [
        $"--OTEL_EXPORTER_OTLP_ENDPOINT={Url}", $"--OTEL_EXPORTER_OTLP_PROTOCOL={protocol}",
        "--OTEL_BSP_SCHEDULE_DELAY=50", "--OTEL_BLRP_SCHEDULE_DELAY=50", "--OTEL_METRIC_EXPORT_INTERVAL=200",
    ];

    public static async Task<OtlpReceiver> StartAsync(string protocol = OverHttp)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0,
            listen => listen.Protocols = protocol == OverGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var web = builder.Build();
        var receiver = new OtlpReceiver(web, protocol);
        if (protocol == OverGrpc) web.MapPost("/{service}/Export", receiver.TakeCallAsync);
        else web.MapPost("/v1/{signal}", receiver.TakeAsync);
        await web.StartAsync();
        return receiver;
    }

    /// <summary>The spans of a trace so far, by their beginning.</summary>
    public IReadOnlyList<SeenSpan> Trace(string traceId) =>
        [.. Spans.Where(span => span.TraceId == traceId).OrderBy(span => span.StartedAt)];

    /// <summary>The figures of the page that have not come yet.</summary>
    public IEnumerable<SeenMetric> MissingFigures()
    {
        var families = SagaFamilies.All.Concat(StoreFamilies.All)
            .Select(family => new SeenMetric(family.Name, family.Help, family.Unit ?? "", false));
        var histograms = HistogramFamilies.All
            .Select(family => new SeenMetric(family.Shape.Name, family.Shape.Help, family.Shape.Unit, true));
        return families.Concat(histograms).Except(Metrics);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext http, string signal) => Keep(signal, await BodyAsync(http));

    /// <summary>A call of gRPC with one message, answered with an empty one and the status behind it.</summary>
    private async Task TakeCallAsync(HttpContext http, string service)
    {
        var frame = await BodyAsync(http);
        http.Request.ContentType.Should().Be("application/grpc");
        frame[0].Should().Be(0, "the message is not compressed");
        BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(1)).Should().Be((uint)(frame.Length - FrameHead));
        if (GrpcStatus == 0) Keep(SignalOf(service), frame[FrameHead..]);
        else Refused++;
        http.Response.ContentType = "application/grpc";
        http.Response.AppendTrailer("grpc-status", GrpcStatus.ToString(CultureInfo.InvariantCulture));
        if (GrpcStatus == 0) await http.Response.Body.WriteAsync(new byte[FrameHead]);
    }

    private static string SignalOf(string service) => service switch
    {
        "opentelemetry.proto.collector.trace.v1.TraceService" => "traces",
        "opentelemetry.proto.collector.metrics.v1.MetricsService" => "metrics",
        "opentelemetry.proto.collector.logs.v1.LogsService" => "logs",
        _ => throw new InvalidDataException(service),
    };

    private async Task<byte[]> BodyAsync(HttpContext http)
    {
        if (http.Request.Headers.Authorization is [{ } token]) Authorizations.Enqueue(token);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private void Keep(string signal, byte[] message)
    {
        Bodies.Enqueue(Encoding.Latin1.GetString(message));
        // Of all three signals: per resource, per scope, the items.
        foreach (var resource in WireFields.Read(message).Messages(1))
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
