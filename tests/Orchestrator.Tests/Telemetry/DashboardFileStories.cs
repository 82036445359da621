using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Tests.Deployment;
using Orchestrator.Tests.Service;
using Orchestrator.Tests.Tidy;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Tests.Telemetry;

/// <summary>What docs/dashboards asks for is what /metrics prints.</summary>
public sealed partial class DashboardFileStories : IAsyncLifetime
{
    private const string Dashboard = "docs/dashboards/orchestrator.json";
    private const string Alerts = "docs/dashboards/alerts.yaml";

    // What Prometheus itself adds to every series.
    private static readonly string[] OfPrometheus = ["job", "instance"];

    private RunningService service = null!;

    // A target of alerts has figures of its own.
    public async Task InitializeAsync() =>
        service = await RunningService.StartWithAsync("--Orchestrator:Alerts:ops:Url=http://127.0.0.1:1/");

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Every_query_names_figures_that_exist_and_what_they_are_of()
    {
        var page = await PageAsync();

        foreach (var query in QueriesOfDashboard().Concat(QueriesOfAlerts()))
        {
            var names = Name().Matches(query).Select(match => match.Value).ToList();
            names.Should().NotBeEmpty(query).And.OnlyContain(name => page.Names.Contains(name), query);
            var known = names.SelectMany(name => LabelsOf(page, name)).Concat(OfPrometheus).ToHashSet();
            LabelsIn(query).Except(known).Should().BeEmpty(query);
        }
    }

    [Fact]
    public async Task Every_figure_is_on_the_dashboard()
    {
        var page = await PageAsync();
        var shown = QueriesOfDashboard()
            .SelectMany(query => Name().Matches(query))
            .Select(match => match.Value)
            .ToHashSet();

        // The warning is a sentence on /readyz; its figure is for the alert.
        foreach (var (name, type) in page.Types.Where(pair => pair.Key != "orchestrator_warning"))
        {
            string[] ways = type == "histogram" ? [name + "_bucket", name + "_sum"] : [name];
            shown.Should().Contain(way => ways.Contains(way), name);
        }
    }

    [Fact]
    public void Every_alert_says_what_is_wrong_and_what_to_do()
    {
        foreach (var rule in Rules())
        {
            var alert = rule.Text("alert");
            rule.Text("annotations", "summary").Should().EndWith(".", alert);
            rule.Text("annotations", "description").Should().EndWith(".", alert);
            rule.Text("labels", "severity").Should().BeOneOf(["page", "ticket"], alert);
        }

        Rules().Select(rule => rule.Text("alert")).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Every_alert_rule_is_tried_both_when_it_speaks_and_when_it_is_silent()
    {
        var tests = YamlFile.Read("docs/dashboards/alerts.test.yaml").Single().Root.At("tests").Items()
            .Cast<YamlMappingNode>().ToList();

        tests.Select(test => test.Text("name")).Should().Equal(Rules().Select(rule => rule.Text("alert")));
        foreach (var test in tests)
        {
            var tries = test.At("alert_rule_test").Items().Cast<YamlMappingNode>().ToList();
            tries.Should().OnlyContain(each => each.Text("alertname") == test.Text("name"));
            tries.Select(each => each.Children.ContainsKey("exp_alerts")).Distinct().Should().HaveCount(2);
        }
    }

    [Fact]
    public void Panels_lie_beside_and_not_on_each_other()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, Dashboard)));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();

        panels.Select(panel => panel.GetProperty("id").GetInt32()).Should().OnlyHaveUniqueItems();
        var places = panels.Select(panel => panel.GetProperty("gridPos")).SelectMany(place =>
            from x in Enumerable.Range(place.GetProperty("x").GetInt32(), place.GetProperty("w").GetInt32())
            from y in Enumerable.Range(place.GetProperty("y").GetInt32(), place.GetProperty("h").GetInt32())
            select (x, y)).ToList();
        places.Should().OnlyHaveUniqueItems().And.OnlyContain(place => place.x < 24);
    }

    [GeneratedRegex("orchestrator_[a-z0-9_]+", RegexOptions.None, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"(?:\bby|\bwithout) \((?<labels>[a-z_, ]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Grouping();

    [GeneratedRegex("(?<label>[a-z_]+)=~?\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Matcher();

    private static IEnumerable<string> LabelsIn(string query) => Grouping().Matches(query)
        .SelectMany(match => match.Groups["labels"].Value.Split(", "))
        .Concat(Matcher().Matches(query).Select(match => match.Groups["label"].Value));

    private static IEnumerable<string> LabelsOf(MetricsPage page, string name) => page.Values.Keys
        .Where(series => series.StartsWith(name + "{", StringComparison.Ordinal))
        .SelectMany(series => Matcher().Matches(series))
        .Select(match => match.Groups["label"].Value);

    private static List<string> QueriesOfDashboard()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, Dashboard)));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)];
    }

    private static IEnumerable<string> QueriesOfAlerts() => Rules().Select(rule => rule.Text("expr")!);

    private static IEnumerable<YamlMappingNode> Rules() => YamlFile.Read(Alerts).Single().Root.At("groups").Items()
        .SelectMany(group => group.At("rules").Items())
        .Cast<YamlMappingNode>();

    private async Task<MetricsPage> PageAsync()
    {
        await service.DefineAsync("shown");
        await service.FinishedAsync("shown");
        return MetricsPage.Read(await service.Http.GetStringAsync("/metrics"));
    }
}
