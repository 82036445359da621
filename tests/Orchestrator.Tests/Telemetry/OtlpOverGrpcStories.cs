using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orchestrator.Service.Security;
using Orchestrator.Tests.Service;

namespace Orchestrator.Tests.Telemetry;

/// <summary>OTLP over gRPC, the standard's default, received by a collector of the test's own.</summary>
[Collection(ListeningAlone.Name)]
public sealed class OtlpOverGrpcStories : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string CallersSpan = "b7ad6b7169203331";
    private const string ForCollector = "tokOfTheCollector-0123456789abcdef";
    private const string ForShop = "tokOfTheShop-0123456789abcdef";

    private readonly EverythingTold told = new();
    private readonly (string Key, string Hash) admin = ApiKey.Make();

    public void Dispose() => told.Dispose();

    [Fact]
    public async Task Spans_figures_and_lines_arrive_as_they_do_over_http()
    {
        await using var receiver = await OtlpReceiver.StartAsync(OtlpReceiver.OverGrpc);
        var service = await StartAsync(receiver);
        service.Participant.Answer("ship/do", 400);
        await service.DefineAsync("measured");
        await service.FinishedAsync("measured");

        var id = await StuckAsync(service, ("traceparent", $"00-{Trace}-{CallersSpan}-01"));
        await Eventually.TrueAsync(
            () => receiver.Trace(Trace).Any(span => span.Name == "do ship") && receiver.Lines.Any(IsOfSaga)
                && !receiver.MissingFigures().Any(),
            "spans, lines and figures arrive");
        await service.DisposeAsync();

        var spans = receiver.Trace(Trace);
        var start = spans.Single(span => span.Name == "start forward");
        start.Should().Match<SeenSpan>(span => span.Parent == CallersSpan && span.Service == "orchestrator");
        start.Tags.Should().Contain("saga.id", id);
        var turns = spans.Where(span => span.Name == "turn").ToList();
        turns.Should().NotBeEmpty().And.OnlyContain(turn => turn.Parent == start.SpanId);
        spans.First(span => span.Name == "do ship").Should().Match<SeenSpan>(
            span => turns.Any(turn => turn.SpanId == span.Parent) && span.StartedAt <= span.EndedAt);
        receiver.Lines.First(IsOfSaga).Should().Match<SeenLine>(
            line => line.TraceId == Trace && line.Service == "orchestrator" && line.Text.Contains("is stuck"));

        bool IsOfSaga(SeenLine line) => line.Text.Contains(id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_token_is_told_and_the_collectors_own_goes_to_it_alone()
    {
        await using var receiver = await OtlpReceiver.StartAsync(OtlpReceiver.OverGrpc);
        var service = await StartAsync(
            receiver,
            $"--OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer {ForCollector}",
            "--Logging:LogLevel:Default=Trace", "--Logging:OpenTelemetry:LogLevel:Default=Trace",
            "--Logging:Console:LogLevel:Default=None",
            $"--Orchestrator:Security:Keys:admin:Hash={admin.Hash}", "--Orchestrator:Security:Keys:admin:Grants=admin",
            $"--Orchestrator:Security:ParticipantTokens:shop={ForShop}");
        service.Http.DefaultRequestHeaders.Authorization = new("Bearer", admin.Key);
        service.Participant.Answer("ship/do", 400);

        var id = await StuckAsync(service, ("X-Actor", "ann"));
        using (await service.SendAsync(HttpMethod.Get, $"/sagas/{id}?access_token={admin.Key}"))
            await Eventually.TrueAsync(() => receiver.Bodies.Any(body => body.Contains(id)), "it is told");
        await service.DisposeAsync();

        receiver.Authorizations.Should().NotBeEmpty().And.OnlyContain(token => token == $"Bearer {ForCollector}");
        service.Participant.Authorizations.Should().Contain($"Bearer {ForShop}");
        foreach (var secret in (string[])[admin.Key[..20], ForShop[..14], ForCollector[..14]])
        {
            receiver.Bodies.Where(body => body.Contains(secret)).Should().BeEmpty("OTLP is no place for {0}", secret);
            told.Lines.Where(line => line.Contains(secret)).Should().BeEmpty("the log is no place for {0}", secret);
            told.Spans.Where(span => span.Contains(secret)).Should().BeEmpty("a span is no place for {0}", secret);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_collector_that_is_away_or_never_answers_holds_up_neither_a_saga_nor_the_stop(bool isAway)
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        var address = $"http://{deaf.LocalEndpoint}";
        if (isAway) deaf.Stop();
        var own = await RunningService.StartWithAsync(
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={address}", $"--OTEL_EXPORTER_OTLP_PROTOCOL={OtlpReceiver.OverGrpc}",
            "--OTEL_BSP_SCHEDULE_DELAY=50", "--OTEL_BLRP_SCHEDULE_DELAY=50", "--OTEL_METRIC_EXPORT_INTERVAL=200");
        await own.DefineAsync("unheard");

        (await own.FinishedAsync("unheard")).GetProperty("outcome").GetString().Should().Be("completed");
        var since = TimeProvider.System.GetTimestamp();
        await own.StopAsync();

        TimeProvider.System.GetElapsedTime(since).Should().BeLessThan(TimeSpan.FromSeconds(8));
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_collector_that_refuses_for_a_while_is_told_what_comes_after()
    {
        await using var receiver = await OtlpReceiver.StartAsync(OtlpReceiver.OverGrpc);
        // 16 is a refusal (unauthenticated), which nobody tries again.
        receiver.GrpcStatus = 16;
        var service = await StartAsync(receiver);
        await service.DefineAsync("refused");

        await service.FinishedAsync("refused");
        await Eventually.TrueAsync(() => receiver.Refused > 0, "it is refused");
        receiver.GrpcStatus = 0;
        await service.DefineAsync("taken");
        await service.FinishedAsync("taken");

        await Eventually.TrueAsync(
            () => receiver.Spans.Any(span => span.Name == "saga taken") && !receiver.Metrics.IsEmpty, "it is taken");
        await service.DisposeAsync();
    }

    private Task<RunningService> StartAsync(OtlpReceiver receiver, params string[] more) =>
        RunningService.StartWithAsync(
            builder => builder.Logging.AddProvider(told),
            [
                .. receiver.Settings, "--Logging:LogLevel:Default=Warning",
                "--Orchestrator:Alerts:ops:Url=http://127.0.0.1:1/", .. more,
            ]);

    /// <summary>A saga whose participant refuses what must succeed.</summary>
    private static async Task<string> StuckAsync(RunningService service, params (string Name, string Value)[] headers)
    {
        await service.DefineAsync("forward", "  - { name: ship, participant: shop, kind: retriable }\n");
        var id = await service.StartedAsync("forward", "{}", headers);
        await Eventually.TrueAsync(
            async () => (await service.GetAsync($"/sagas/{id}")).GetProperty("stuck").GetBoolean(), "it is stuck");
        return id;
    }
}
