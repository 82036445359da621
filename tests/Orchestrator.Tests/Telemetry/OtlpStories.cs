using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orchestrator.Participant;
using Orchestrator.Service.Hosting;
using Orchestrator.Service.Telemetry;
using Orchestrator.Tests.Participant;
using Orchestrator.Tests.Participant.Databases;
using Orchestrator.Tests.Service;

namespace Orchestrator.Tests.Telemetry;

/// <summary>What goes out by OTLP, received by a collector of the test's own.</summary>
[Collection(ListeningAlone.Name)]
public sealed class OtlpStories : IAsyncLifetime
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string CallersSpan = "b7ad6b7169203331";
    private const string Secret = "sku-4711-secret";
    private const string Two = """
        name: traced
        deadline: 1h
        retry: { first: 50ms, factor: 1, longest: 50ms }
        participants: { inventory: { url: "INVENTORY" }, shop: { url: "SHOP" } }
        steps:
          - { name: reserve, participant: inventory, input: $.input }
          - { name: pack, participant: shop, input: $.input }
        """;

    private OtlpReceiver receiver = null!;
    private RunningService service = null!;

    public async Task InitializeAsync()
    {
        receiver = await OtlpReceiver.StartAsync();
        service = await RunningService.StartWithAsync(
        [
            .. receiver.Settings, "--Logging:LogLevel:Default=Warning",
            // Figures of alerts are there where somebody is told: nobody listens at this port, and nothing is to tell.
            "--Orchestrator:Alerts:ops:Url=http://127.0.0.1:1/",
        ]);
    }

    public async Task DisposeAsync()
    {
        await service.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_saga_is_one_trace_from_its_caller_to_the_participants_also_after_a_restart()
    {
        using var database = ParticipantDatabase.Create(LedgerDialect.Sqlite);
        await using var inventory = await ParticipantHost.StartAsync(database, TimeProvider.System, onKestrel: true);
        using var participant = ListenAtParticipant();
        service.Participant.Answer("pack/do", 503);
        var id = await StartTracedAsync(inventory.Url, "01");
        await Eventually.TrueAsync(() => service.Participant.Seen.Contains("pack/do"), "the second step is tried");

        await service.RestartAsync();
        service.Participant.Answer("pack/do", 409, """{"code":"refused","title":"no"}""");
        await EndedAsync(id);
        await Eventually.TrueAsync(
            () => receiver.Trace(Trace).Any(span => span.Name == "saga traced"), "the whole saga is told");

        var saga = await service.GetAsync($"/sagas/{id}");
        saga.GetProperty("traceId").GetString().Should().Be(Trace);
        var spans = receiver.Trace(Trace);
        ShouldHang(spans);
        var undo = spans.Single(span => span is { Name: "undo reserve", Service: "inventory" });
        undo.Tags.Should().Contain("saga.id", id).And.Contain("saga.ledger_state", "undone");
        spans.Single(span => span.Name == "saga traced").Tags.Should()
            .Contain("saga.outcome", "compensated").And.Contain("saga.reason", "refused");
        receiver.Bodies.Should().NotContain(body => body.Contains(Secret), "data is not told");
    }

    [Fact]
    public async Task A_caller_that_does_not_record_is_not_recorded_but_its_trace_goes_on()
    {
        using var database = ParticipantDatabase.Create(LedgerDialect.Sqlite);
        await using var inventory = await ParticipantHost.StartAsync(database, TimeProvider.System, onKestrel: true);
        using var participant = ListenAtParticipant();

        var quiet = await StartTracedAsync(inventory.Url, "00");
        await EndedAsync(quiet);
        var loud = await service.StartedAsync("traced", Input);
        await EndedAsync(loud);
        var trace = (await service.GetAsync($"/sagas/{loud}")).GetProperty("traceId").GetString()!;
        await Eventually.TrueAsync(
            () => receiver.Trace(trace).Any(span => span.Name == "saga traced"), "the other saga is told");

        receiver.Trace(Trace).Should().BeEmpty();
        (await service.GetAsync($"/sagas/{quiet}")).GetProperty("traceId").GetString().Should().Be(Trace);
        receiver.Trace(trace).Single(span => span.Parent.Length == 0).Name.Should().Be("start traced");
    }

    [Fact]
    public async Task A_line_of_the_log_about_a_saga_carries_its_trace()
    {
        await service.DefineAsync("forward", "  - { name: ship, participant: shop, kind: retriable }\n");
        service.Participant.Answer("ship/do", 400);

        var id = await service.StartedAsync("forward");
        await Eventually.TrueAsync(
            () => receiver.Lines.Any(line => line.Text.Contains(id)), "the log tells that the saga is stuck");

        var trace = (await service.GetAsync($"/sagas/{id}")).GetProperty("traceId").GetString();
        receiver.Lines.First(line => line.Text.Contains(id)).Should().Match<SeenLine>(
            line => line.TraceId == trace && line.Service == "orchestrator" && line.Text.Contains("is stuck"));
    }

    [Fact]
    public async Task Every_figure_of_the_page_goes_out_under_its_name_with_unit_and_help()
    {
        await service.DefineAsync("measured");
        await service.FinishedAsync("measured");

        await Eventually.TrueAsync(() => !receiver.MissingFigures().Any(), "they go out");
    }

    [Fact]
    public async Task A_collector_that_never_answers_does_not_hold_up_the_stop()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        var own = await RunningService.StartWithAsync(
            $"--OTEL_EXPORTER_OTLP_ENDPOINT=http://{deaf.LocalEndpoint}",
            "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf");
        await own.DefineAsync("unheard");
        await own.FinishedAsync("unheard");

        var since = TimeProvider.System.GetTimestamp();
        await own.StopAsync();

        TimeProvider.System.GetElapsedTime(since).Should().BeLessThan(TimeSpan.FromSeconds(8));
        await own.DisposeAsync();
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL=http/json", "OTEL_EXPORTER_OTLP_PROTOCOL")]
    public async Task What_would_silently_be_taken_for_a_default_is_refused(string setting, string named)
    {
        var starting = () => RunningService.StartWithAsync($"--{setting}");

        (await starting.Should().ThrowAsync<StartRefusedException>()).WithMessage($"{named} *");
    }

    [Fact]
    public void An_exporter_that_is_not_known_is_refused_where_something_would_go_out()
    {
        var reading = () => ReadOtlp("http://127.0.0.1:4317", "otpl");

        reading.Should().Throw<StartRefusedException>().WithMessage("OTEL_TRACES_EXPORTER *\"otlp\"*\"none\"*");
        ReadOtlp("http://127.0.0.1:4317", "none").Should().Be(new OtlpSettings(false, true, true));
        ReadOtlp(null, "console").IsOn.Should().BeFalse("without an endpoint nothing goes out anyway");
    }

    private static OtlpSettings ReadOtlp(string? endpoint, string exporter) => OtlpSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
            ["OTEL_TRACES_EXPORTER"] = exporter,
        }).Build());

    private static string Input => $$"""{"sku":"{{Secret}}","quantity":2}""";

    /// <summary>
    /// What hangs below what: the start below the caller, turns below the start, calls below the turn that decided
    /// them (below the start, when that turn was taken before the restart), and the participant below the call.
    /// </summary>
    private static void ShouldHang(IReadOnlyList<SeenSpan> spans)
    {
        var start = spans.Single(span => span.Name == "start traced");
        start.Parent.Should().Be(CallersSpan);
        spans.Where(span => span.Name is "turn" or "saga traced").Should().NotBeEmpty()
            .And.OnlyContain(span => span.Parent == start.SpanId);
        var turns = spans.Where(span => span.Name == "turn").Select(span => span.SpanId).ToHashSet();
        var calls = spans.Where(span => span.Kind == 3).ToList();
        calls.Should().OnlyContain(call => turns.Contains(call.Parent) || call.Parent == start.SpanId);
        calls.Select(call => call.Name).Distinct().Should().BeEquivalentTo("do reserve", "do pack", "undo reserve");
        var there = spans.Where(span => span.Service == "inventory").ToList();
        there.Select(span => span.Name).Distinct().Should().BeEquivalentTo("do reserve", "undo reserve");
        there.Should().OnlyContain(span => calls.Any(call => call.SpanId == span.Parent && call.Name == span.Name));
        var busy = calls.First(call => call.Name == "do pack");
        busy.Status.Should().Be(2);
        busy.Tags.Should().Contain("saga.answer", "busy").And.Contain("http.response.status_code", "503");
    }

    private TracerProvider ListenAtParticipant() => Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("inventory"))
        .AddSource("Orchestrator.Participant")
        .AddOtlpExporter(options =>
        {
            options.Endpoint = new Uri(receiver.Url + "/v1/traces");
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
            options.ExportProcessorType = ExportProcessorType.Simple;
        })
        .Build();

    private async Task<string> StartTracedAsync(Uri inventory, string flags)
    {
        var yaml = Two.Replace("INVENTORY", inventory.ToString(), StringComparison.Ordinal)
            .Replace("SHOP", service.Participant.Url, StringComparison.Ordinal);
        using var put = await service.PutAsync("/definitions/traced", yaml, "application/yaml");
        put.IsSuccessStatusCode.Should().BeTrue(await put.Content.ReadAsStringAsync());
        return await service.StartedAsync("traced", Input, ("traceparent", $"00-{Trace}-{CallersSpan}-{flags}"));
    }

    private Task EndedAsync(string id) => Eventually.TrueAsync(
        async () => (await service.GetAsync($"/sagas/{id}")).GetProperty("endedAt").GetString() is not null,
        "the saga ends");
}
