using Microsoft.Extensions.Configuration;
using Orchestrator.Service.Hosting;

namespace Orchestrator.Tests.Service;

/// <summary>What is configured is checked at start, with a sentence per error.</summary>
public sealed class SettingsStories
{
    [Fact]
    public void Nothing_configured_means_the_folder_data_and_no_definitions()
    {
        var settings = Read();

        settings.DataFolder.Should().Be(Path.GetFullPath("data"));
        settings.DefinitionsFolder.Should().BeNull();
        settings.RetainCompleted.Should().Be(TimeSpan.FromDays(7));
        settings.RetainCompensated.Should().Be(TimeSpan.FromDays(7));
    }

    [Fact]
    public void The_retention_of_each_outcome_is_a_duration()
    {
        var settings = Read(("Orchestrator:RetainCompleted", "12h"), ("Orchestrator:RetainCompensated", "P30D"));

        settings.RetainCompleted.Should().Be(TimeSpan.FromHours(12));
        settings.RetainCompensated.Should().Be(TimeSpan.FromDays(30));
    }

    [Theory]
    [InlineData("Orchestrator:Dat", "x", "Orchestrator:Dat is not known. Did you mean \"Data\"?")]
    [InlineData("Orchestrator:Definitons", "x", "Did you mean \"Definitions\"?")]
    [InlineData("Orchestrator:Engine", "dapr", "set DAPR_GRPC_PORT to the port of its sidecar")]
    [InlineData("Orchestrator:Engine", "fast", "\"fast\", which is not known")]
    [InlineData("Orchestrator:RetainCompleted", "soon", "RetainCompleted is \"soon\"")]
    [InlineData("Orchestrator:RetainCompleted", "59s", "from 1m to 365d")]
    [InlineData("Orchestrator:RetainCompensated", "366d", "RetainCompensated is \"366d\"")]
    [InlineData("Orchestrator:RetainCompensated", "", "RetainCompensated is \"\"")]
    [InlineData("Orchestrator:Data", " ", "names no folder")]
    [InlineData("Orchestrator:Definitions", "", "names no folder")]
    [InlineData("Orchestrator:Definitions", "/does/not/exist", "there is no such folder")]
    [InlineData("Orchestrator:Data:Folder", "x", "takes one value")]
    [InlineData("Orchestrator:Security", "off", "Orchestrator:Security takes keys below it")]
    [InlineData("Orchestrator:Alerts", "http://x", "Orchestrator:Alerts takes keys below it")]
    [InlineData("Orchestrator:Alerts:ops", "http://x", "Orchestrator:Alerts:ops takes keys below it")]
    [InlineData("Orchestrator:Alerts:ops:On:0", "stuck", "Orchestrator:Alerts:ops:On takes one value")]
    [InlineData("Orchestrator:Address", "orchestrator-1:5080", "an address such as http://orchestrator-1:5080")]
    [InlineData("Orchestrator:Address", "http://0.0.0.0:5080", "nobody can reach")]
    [InlineData("Orchestrator:Address", "http://[::]:5080", "nobody can reach")]
    [InlineData("Orchestrator:Address", "http://ann:hush@host:5080", "without user information")]
    [InlineData("Orchestrator:Address", "http://host:5080/?a=b", "without user information")]
    [InlineData("Orchestrator:Lease", "500ms", "from 1s to 5m")]
    [InlineData("Orchestrator:Store", "oracle", "\"oracle\", which is not known")]
    [InlineData("Orchestrator:Store", "postgres", "Orchestrator:ConnectionString is missing")]
    [InlineData("Orchestrator:ConnectionString", "Host=db", "is \"sqlite\", which takes none")]
    public void A_wrong_setting_is_refused_with_a_sentence(string key, string value, string said)
    {
        var refused = FluentActions.Invoking(() => Read((key, value))).Should().Throw<StartRefusedException>();

        refused.Which.Message.Should().Contain(said).And.NotContain("hush");
    }

    [Fact]
    public void All_wrong_settings_are_named_at_once()
    {
        var refused = FluentActions.Invoking(() => Read(("Orchestrator:Engin", "x"), ("Orchestrator:Engine", "y")))
            .Should().Throw<StartRefusedException>();

        refused.Which.Message.Split(Environment.NewLine).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("postgres", "Password=hush;Hots=db")]
    [InlineData("postgres", "Host=db;Password=hush")]
    [InlineData("postgres", "hush")]
    [InlineData("sqlserver", "Server=db;Password=hush")]
    [InlineData("sqlserver", "Server=db;Database=sagas;Port=hush")]
    public void A_connection_string_that_is_none_is_refused_and_not_shown(string store, string connection)
    {
        var refused = FluentActions
            .Invoking(() => ServiceHost.Build(
                [$"--Orchestrator:Store={store}", $"--Orchestrator:ConnectionString={connection}"]))
            .Should().Throw<StartRefusedException>();

        refused.Which.ToString().Should().Contain("Orchestrator:ConnectionString").And.NotContain("hush");
    }

    [Fact]
    public void A_connection_string_is_in_no_text_about_the_settings()
    {
        var settings = Read(
            ("Orchestrator:Store", "Postgres"), ("Orchestrator:ConnectionString", "Host=db;Password=hush"));

        settings.Store.Kind.Should().Be("postgres");
        settings.Store.ConnectionString.Should().Contain("hush");
        $"{settings} {settings.Place}".Should().NotContain("hush");
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("Embedded")]
    public void The_embedded_engine_may_be_named(string engine) =>
        Read(("orchestrator:engine", engine)).Should().NotBeNull();

    private static ServiceSettings Read(params (string Key, string Value)[] values) => SettingsReader.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))
            .Build());
}
