using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.SystemTests.Harness;

namespace Orchestrator.SystemTests.Telemetry;

/// <summary>
/// The dashboard's queries and the alert rules, asked of a real Prometheus, and what promtool says of them.
/// </summary>
public sealed partial class PrometheusTests(WatchedScene watched) : IClassFixture<WatchedScene>
{
    private static readonly TimeSpan Patience = OpenShop.Patience;

    [Fact]
    public async Task Every_query_of_the_dashboard_brings_numbers()
    {
        var queries = QueriesOfDashboard();

        queries.Should().HaveCountGreaterThan(40);
        await Eventually.BecomesAsync("", Patience, () => WithoutNumbersAsync(queries), "queries without a number");
    }

    [Fact]
    public async Task The_choices_of_the_dashboard_are_those_of_the_orchestrators_that_are_watched()
    {
        await Eventually.BecomesAsync(
            "orchestrator", Patience, () => LabelsAsync("orchestrator_ready", "job"), "label_values of job");
        await Eventually.BecomesAsync(
            watched.Scene.Service.Authority, Patience,
            () => LabelsAsync("orchestrator_ready{job=~\".*\"}", "instance"), "label_values of instance");
    }

    [Fact]
    public async Task Every_alert_rule_is_judged_by_what_is_there_and_one_stuck_saga_is_seen()
    {
        await Eventually.BecomesAsync(
            "", Patience, async () => string.Join(", ", (await RulesAsync())
                .Where(rule => rule.Health != "ok").Select(rule => $"{rule.Name} {rule.Health}")));
        var rules = await RulesAsync();

        rules.Should().HaveCountGreaterThan(10);
        // Without its threshold each has something to judge.
        await Eventually.BecomesAsync(
            "", Patience, () => WithoutNumbersAsync(rules.SelectMany(rule => FiguresOf(rule.Query))), "alert rules");
        await Eventually.BecomesAsync(
            "pending", Patience, async () => (await RulesAsync()).Single(rule => rule.Name == "SagasAreStuck").State);
        (await RulesAsync()).Single(rule => rule.Name == "OrchestratorIsSilent").State.Should().Be("inactive");
    }

    [Fact]
    public async Task Promtool_reads_the_rules_and_each_speaks_when_it_should_and_not_otherwise()
    {
        var checkedRules = await Programs.RunAsync(
            PrometheusPrograms.Tool, "check", "rules", Path.Combine(WatchedScene.Dashboards, "alerts.yaml"));
        var tested = await Programs.RunAsync(
            PrometheusPrograms.Tool, "test", "rules", Path.Combine(WatchedScene.Dashboards, "alerts.test.yaml"));

        checkedRules.Code.Should().Be(0, checkedRules.Words);
        tested.Code.Should().Be(0, tested.Words);
        tested.Words.Should().Contain("SUCCESS");
    }

    [Fact]
    public async Task Promtool_finds_nothing_to_say_of_the_figures_of_a_busy_orchestrator()
    {
        using var folder = new TempFolder();
        var page = Path.Combine(folder.Path, "metrics.txt");
        await File.WriteAllTextAsync(page, await watched.Scene.Http.GetStringAsync("/metrics"));

        var (code, words) = await Programs.RunAsync(
            "sh", "-c", $"'{PrometheusPrograms.Tool}' check metrics < '{page}'");

        words.Should().BeEmpty();
        code.Should().Be(0);
    }

    /// <summary>Those of them that bring no number, one a line.</summary>
    private async Task<string> WithoutNumbersAsync(IEnumerable<string> queries)
    {
        var without = new List<string>();
        foreach (var query in queries)
            if ((await watched.Prometheus.QueryAsync(query)).Count == 0)
                without.Add(query);
        return string.Join('\n', without);
    }

    private async Task<string> LabelsAsync(string series, string label)
    {
        var values = await watched.Prometheus.AskAsync(
            $"/api/v1/label/{label}/values?match[]={Uri.EscapeDataString(series)}");
        return string.Join(", ", values.EnumerateArray());
    }

    private async Task<IReadOnlyList<Rule>> RulesAsync()
    {
        var data = await watched.Prometheus.AskAsync("/api/v1/rules?type=alert");
        return
        [
            .. data.GetProperty("groups").EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray())
                .Select(rule => new Rule(
                    Text(rule, "name"), Text(rule, "query"), Text(rule, "health"), Text(rule, "state"))),
        ];

        static string Text(JsonElement rule, string name) => rule.GetProperty(name).GetString()!;
    }

    /// <summary>What Grafana would ask with everything chosen.</summary>
    private static List<string> QueriesOfDashboard()
    {
        var text = File.ReadAllText(Path.Combine(WatchedScene.Dashboards, "orchestrator.json"));
        using var dashboard = JsonDocument.Parse(text);
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .Where(panel => panel.TryGetProperty("targets", out _))
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!
                    .Replace("$__rate_interval", "5s", StringComparison.Ordinal)
                    .Replace("$job", ".*", StringComparison.Ordinal)
                    .Replace("$instance", ".*", StringComparison.Ordinal)),
        ];
    }

    private static IEnumerable<string> FiguresOf(string rule) => Threshold().Replace(rule, "").Split(" and ")
        .Select(part => Absent().Replace(part, "${figure}"));

    [GeneratedRegex(@" (>|==) [0-9.]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Threshold();

    [GeneratedRegex(@"^absent\((?<figure>.*)\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Absent();

    private sealed record Rule(string Name, string Query, string Health, string State);
}
