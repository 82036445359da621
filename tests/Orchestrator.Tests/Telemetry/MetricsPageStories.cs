using Orchestrator.Engine;
using Orchestrator.Tests.Engine;
using Orchestrator.Tests.Service;

namespace Orchestrator.Tests.Telemetry;

/// <summary>What /metrics prints: names that people have written into dashboards and alerts stay.</summary>
public sealed class MetricsPageStories(RunningService service) : IClassFixture<RunningService>
{
    private static readonly string[] Promised =
    [
        "orchestrator_ready gauge",
        "orchestrator_warning gauge",
        "orchestrator_sagas_live gauge",
        "orchestrator_sagas_stuck gauge",
        "orchestrator_sagas_in_doubt gauge",
        "orchestrator_sagas_in_doubt_oldest_seconds gauge",
        "orchestrator_sagas_started_total counter",
        "orchestrator_sagas_ended_total counter",
        "orchestrator_oldest_due_age_seconds gauge",
        "orchestrator_endings_waiting gauge",
        "orchestrator_oldest_event_age_seconds gauge",
        "orchestrator_facts_waiting gauge",
        "orchestrator_facts_left_out_total counter",
        "orchestrator_unexpected_replies_total counter",
        "orchestrator_batches_running gauge",
        "orchestrator_batches_sagas_total counter",
        "orchestrator_alerts_waiting gauge",
        "orchestrator_alerts_delivered_total counter",
        "orchestrator_alerts_failed_total counter",
        "orchestrator_commits_total counter",
        "orchestrator_rows_written_total counter",
        "orchestrator_commit_failures_total counter",
        "orchestrator_participant_calls_total counter",
        "orchestrator_participant_call_failures_total counter",
        "orchestrator_participant_calls_under_way gauge",
        "orchestrator_participant_calls_waiting gauge",
        "orchestrator_process_cpu_seconds_total counter",
        "orchestrator_process_resident_memory_bytes gauge",
        "orchestrator_process_threads gauge",
        "orchestrator_gc_heap_bytes gauge",
        "orchestrator_gc_allocated_bytes_total counter",
        "orchestrator_thread_pool_queue_length gauge",
        "orchestrator_gc_collections_total counter",
    ];

    [Fact]
    public async Task The_names_of_before_are_still_there_with_their_types()
    {
        var page = await PageAsync();

        page.Types.Select(pair => $"{pair.Key} {pair.Value}").Should().Contain(Promised);
    }

    [Fact]
    public async Task Every_figure_has_a_sentence_and_says_its_unit_in_its_name()
    {
        var page = await PageAsync();

        foreach (var (name, type) in page.Types)
        {
            page.Helps[name].Should().EndWith(".", name);
            name.EndsWith("_total", StringComparison.Ordinal).Should().Be(type == "counter", name);
            if (IsOfTime(page.Helps[name])) name.Should().MatchRegex("_seconds(_total)?$");
            if (page.Helps[name].Contains("in bytes", StringComparison.Ordinal)) name.Should().MatchRegex("_bytes$");
        }
    }

    [Fact]
    public async Task What_sagas_and_calls_did_is_counted_by_definition_phase_and_kind_of_answer()
    {
        await service.DefineAsync("counted");
        var gate = new TaskCompletionSource();
        await service.FinishedAsync("counted");
        service.Participant.HoldBack("hold/do", gate.Task);
        await service.DefineAsync("held", "  - { name: hold, participant: shop }\n");
        var held = await service.StartedAsync("held");
        await Eventually.TrueAsync(() => service.Participant.Seen.Contains("hold/do"), "the call is under way");

        var page = await PageAsync();
        gate.SetResult();

        held.Should().NotBeNull();
        page.Of("orchestrator_definition_sagas_started_total{definition=\"counted\"}").Should().Be(1);
        page.Of("orchestrator_definition_sagas_ended_total{definition=\"counted\",outcome=\"completed\"}")
            .Should().Be(1);
        page.Of("orchestrator_definition_sagas_started_total{definition=\"held\"}").Should().Be(1);
        page.Of("orchestrator_sagas_in_phase{phase=\"doing\"}").Should().Be(1);
        page.Of("orchestrator_sagas_in_phase{phase=\"pivot\"}").Should().Be(0);
        page.Of("orchestrator_participant_answers_total{participant=\"shop\",command=\"do\",answer=\"done\"}")
            .Should().BePositive();
        page.Of("orchestrator_participant_paused{participant=\"shop\"}").Should().Be(0);
    }

    [Fact]
    public async Task A_histogram_adds_up()
    {
        await service.DefineAsync("spread");
        await service.FinishedAsync("spread");

        var page = await PageAsync();

        foreach (var name in page.Types.Where(pair => pair.Value == "histogram").Select(pair => pair.Key))
        {
            var buckets = page.Values.Where(pair => pair.Key.StartsWith(name + "_bucket{", StringComparison.Ordinal))
                .GroupBy(pair => pair.Key.Split("le=\"")[0], pair => pair.Value);
            foreach (var series in buckets) series.Should().BeInAscendingOrder(series.Key);
            foreach (var (series, count) in page.Values)
            {
                if (!series.StartsWith(name + "_count", StringComparison.Ordinal)) continue;
                var all = series.Replace("_count", "_bucket", StringComparison.Ordinal).TrimEnd('}');
                page.Of(all + (series.EndsWith('}') ? "," : "{") + "le=\"+Inf\"}").Should().Be(count);
            }
        }

        page.Of("orchestrator_saga_duration_seconds_count{outcome=\"completed\"}").Should().BeGreaterThan(0);
    }

    [Fact]
    public async Task Commits_are_measured_as_they_are_counted()
    {
        await service.DefineAsync("committed");
        await service.FinishedAsync("committed");

        // A commit may fall between the two readings of one page.
        await Eventually.TrueAsync(
            async () => await PageAsync() is var page
                && page.Of("orchestrator_commit_duration_seconds_count") == page.Of("orchestrator_commits_total")
                && page.Of("orchestrator_commit_rows_sum") == page.Of("orchestrator_rows_written_total"),
            "both tell the same");
    }

    [Fact]
    public void A_thousand_definitions_do_not_make_a_thousand_series()
    {
        var meter = OneParticipant.Meter();

        for (var i = 0; i < 1000; i++) meter.Started($"definition-{i}");

        var measured = meter.Read().Definitions;
        measured.Should().HaveCount(EngineLimits.MaxMeasuredNames + 1);
        measured.Single(each => each.Definition == "(other)").Started.Should().Be(1000 - EngineLimits.MaxMeasuredNames);
    }

    private static bool IsOfTime(string help) =>
        help.StartsWith("How long", StringComparison.Ordinal)
        || help.StartsWith("For how long", StringComparison.Ordinal)
        || help.StartsWith("Age", StringComparison.Ordinal) || help.Contains("in seconds", StringComparison.Ordinal);

    private async Task<MetricsPage> PageAsync() => MetricsPage.Read(await service.Http.GetStringAsync("/metrics"));
}
