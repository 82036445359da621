using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Engine;

namespace Orchestrator.Tests.Service;

/// <summary>/healthz, /readyz, /metrics and /openapi/v1.json.</summary>
public sealed class HealthStories(RunningService service) : IClassFixture<RunningService>
{
    private static readonly string[] PartsOfHistograms = ["_bucket", "_sum", "_count"];

    [Fact]
    public async Task A_service_that_accepts_starts_is_alive_and_ready()
    {
        (await service.GetAsync("/healthz")).GetProperty("alive").GetBoolean().Should().BeTrue();
        (await service.GetAsync("/readyz")).GetProperty("ready").GetBoolean().Should().BeTrue();
    }

    [Theory]
    [InlineData("The disk is full.", 0, "The disk is full.")]
    [InlineData(null, 31, "The oldest due work has waited for 31 s")]
    public async Task What_keeps_starts_from_being_accepted_is_said_with_503(
        string? reason, int dueSeconds, string said)
    {
        var sick = new SickEngine();
        var own = await RunningService.StartAsync(builder => builder.Services.AddSingleton<IEngineHealth>(sick));
        sick.NotReady = reason;
        sick.Age = TimeSpan.FromSeconds(dueSeconds);

        var problem = await (await own.Http.GetAsync("/readyz")).ShouldBeProblemAsync(503, "not-ready");
        using var alive = await own.Http.GetAsync("/healthz");
        var metrics = await own.Http.GetStringAsync("/metrics");

        problem.Detail().Should().StartWith(said);
        alive.StatusCode.Should().Be(HttpStatusCode.OK);
        metrics.Should().Contain("\norchestrator_ready 0\n");
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_process_that_can_never_store_anything_again_is_not_alive()
    {
        var sick = new SickEngine();
        var own = await RunningService.StartAsync(builder => builder.Services.AddSingleton<IEngineHealth>(sick));
        sick.Dead = "The engine has stopped.";

        var problem = await (await own.Http.GetAsync("/healthz")).ShouldBeProblemAsync(503, "not-alive");

        problem.Detail().Should().Be("The engine has stopped.");
        await own.DisposeAsync();
    }

    [Fact]
    public async Task What_a_person_should_change_is_said_without_turning_starts_away()
    {
        var sick = new SickEngine { Warning = "There is no broker." };
        var own = await RunningService.StartAsync(builder => builder.Services.AddSingleton<IEngineHealth>(sick));

        var ready = await own.GetAsync("/readyz");
        var metrics = await own.Http.GetStringAsync("/metrics");

        ready.GetProperty("ready").GetBoolean().Should().BeTrue();
        ready.GetProperty("warning").GetString().Should().Be("There is no broker.");
        metrics.Should().Contain("\norchestrator_warning 1\n").And.Contain("\norchestrator_ready 1\n");
        await own.DisposeAsync();
    }

    [Fact]
    public async Task While_the_engine_starts_no_definition_is_called_unknown()
    {
        var sick = new SickEngine();
        var own = await RunningService.StartAsync(builder => builder.Services.AddSingleton<IEngineHealth>(sick));
        sick.NotReady = "The engine is starting.";

        var answer = await own.StartSagaAsync("anything");

        answer.Headers.RetryAfter!.Delta.Should().BePositive();
        await answer.ShouldBeProblemAsync(503, "unavailable");
        await own.DisposeAsync();
    }

    [Fact]
    public async Task Metrics_have_a_type_and_a_number_on_every_line()
    {
        await service.DefineAsync("measured");
        await service.FinishedAsync("measured");

        using var answer = await service.Http.GetAsync("/metrics");
        var text = await answer.Content.ReadAsStringAsync();

        answer.Content.Headers.ContentType!.ToString().Should().Be("text/plain; version=0.0.4; charset=utf-8");
        text.Should().Contain("orchestrator_sagas_started_total ").And.Contain("orchestrator_sagas_ended_total{outcome=\"completed\"} ");
        text.Should().Contain("orchestrator_participant_calls_total{participant=\"shop\"} ").And.EndWith("\n");
        var typed = new HashSet<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            if (words[0] == "#" && words[1] == "TYPE") typed.Add(words[2]).Should().BeTrue();
            if (words[0] == "#") continue;
            var series = words[0].Split('{')[0];
            typed.Should().Contain(name => series == name || PartsOfHistograms.Any(part => series == name + part));
            double.TryParse(words[^1], CultureInfo.InvariantCulture, out _).Should().BeTrue(line);
        }
    }

    [Fact]
    public async Task The_openapi_document_lists_what_there_is()
    {
        var paths = (await service.GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Select(p => p.Name);

        paths.Should().Contain(
        [
            "/sagas", "/sagas/{definition}", "/sagas/{id}", "/sagas/{id}/history", "/sagas/{id}/events", "/sagas/{id}/cancel",
            "/sagas/{id}/retry", "/sagas/counts", "/events", "/definitions", "/definitions/{name}", "/definitions/{name}/validate",
            "/participants", "/participants/{name}", "/healthz", "/readyz", "/metrics",
        ]);
    }

    /// <summary>An engine's health as a test wants it.</summary>
    private sealed class SickEngine : IEngineHealth
    {
        public string? NotReady { get; set; }

        public string? Warning { get; set; }

        public string? Dead { get; set; }

        public TimeSpan Age { get; set; }

        public EngineFigures Figures => new(0, 0, 0, 0, 0, 0, TimeSpan.Zero, Age, 0, 0, 0, 0, []);
    }
}
