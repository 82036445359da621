using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Hosting;

namespace Orchestrator.Tests.Service;

/// <summary>What happens when the service starts, and what keeps it from starting.</summary>
public sealed class BootStories : IDisposable
{
    private const string Fine = "name: fine\ndeadline: 10m\nparticipants: { shop: { url: \"http://127.0.0.1:1\" } }\n"
        + "steps:\n  - { name: reserve, participant: shop }\n";

    private readonly TempFolder data = new();
    private readonly TempFolder definitions = new();

    public void Dispose()
    {
        data.Dispose();
        definitions.Dispose();
    }

    [Fact]
    public async Task The_files_of_the_folder_are_stored_and_an_old_one_does_not_come_back()
    {
        definitions.Write("fine.yaml", Fine);
        definitions.Write("other.json", """
            {"name":"other","deadline":"1h","participants":{"shop":{"url":"http://127.0.0.1:1"}},
             "steps":[{"name":"reserve","participant":"shop"}]}
            """);
        definitions.Write("notes.txt", "not a definition");
        definitions.Write(
            "flow.yml",
            "{ name: flow, deadline: 1m, participants: { shop: { url: \"http://127.0.0.1:1\" } },\n"
            + "  steps: [ { name: reserve, participant: shop } ] } # YAML, not JSON\n");
        (await VersionsAsync()).Should().Equal("fine 1", "flow 1", "other 1");

        (await VersionsAsync()).Should().Equal("fine 1", "flow 1", "other 1");
        definitions.Write("fine.yaml", Fine.Replace("10m", "20m", StringComparison.Ordinal));
        (await VersionsAsync()).Should().Equal("fine 1", "fine 2", "flow 1", "other 1");
        definitions.Write("fine.yaml", Fine);
        (await VersionsAsync()).Should().Equal("fine 1", "fine 2", "flow 1", "other 1");
    }

    [Fact]
    public async Task A_definition_of_the_folder_was_stored_by_its_file()
    {
        definitions.Write("fine.yaml", Fine);
        await using var app = await StartAsync();

        app.Services.GetRequiredService<IDefinitionCatalog>().List().Should().ContainSingle()
            .Which.Actor.Should().Be("file");
        await app.StopAsync();
    }

    [Fact]
    public async Task Wrong_files_stop_the_start_with_all_their_problems_by_file_and_line()
    {
        definitions.Write("a.yaml", Fine.Replace("deadline: 10m", "deadline: never", StringComparison.Ordinal));
        definitions.Write("b.yml", "name: b\ncolour: red\n");
        definitions.Write("c.json", "{");
        definitions.Write("d.yaml", Fine);
        definitions.Write("e.yaml", Fine);

        var refused = await FluentActions.Awaiting(VersionsAsync).Should().ThrowAsync<StartRefusedException>();

        refused.Which.Message.Should().Contain("a.yaml:2: deadline:").And.Contain("b.yml:2: colour:").And.Contain("c.json:1")
            .And.Contain("e.yaml: another file");
    }

    [Fact]
    public async Task A_file_that_moves_a_known_participant_stops_the_start()
    {
        definitions.Write("fine.yaml", Fine);
        await VersionsAsync();
        definitions.Write("fine.yaml", Fine.Replace("127.0.0.1:1", "127.0.0.1:2", StringComparison.Ordinal));

        var refused = await FluentActions.Awaiting(VersionsAsync).Should().ThrowAsync<StartRefusedException>();

        refused.Which.Message.Should().Contain("fine.yaml:3: participants.shop").And.Contain("http://127.0.0.1:1");
    }

    [Fact]
    public async Task A_participant_that_was_moved_by_a_PUT_does_not_keep_the_service_from_starting_again()
    {
        definitions.Write("fine.yaml", Fine);
        await using (var app = await StartAsync())
        {
            using var http = new HttpClient();
            using var moved = new HttpRequestMessage(HttpMethod.Put, app.Urls.First() + "/participants/shop")
            {
                Content = new StringContent("""{"url":"http://127.0.0.1:2"}""", null, "application/json"),
            };
            moved.Headers.Add("X-Actor", "test");
            using var answer = await http.SendAsync(moved);
            answer.EnsureSuccessStatusCode();
            await app.StopAsync();
        }

        await using var again = await StartAsync();

        again.Services.GetRequiredService<IParticipantRegistry>().Find("shop")!.Url.Should().Be("http://127.0.0.1:2/");
        again.Services.GetRequiredService<IDefinitionCatalog>().List().Should().ContainSingle();
        await again.StopAsync();
    }

    [Fact]
    public async Task A_second_engine_on_the_same_folder_is_refused_and_the_first_goes_on()
    {
        await using var first = await StartAsync();

        await FluentActions.Awaiting(StartAsync).Should().ThrowAsync<StoreInUseException>();

        using var http = new HttpClient();
        (await http.GetStringAsync(first.Urls.First() + "/readyz")).Should().Contain("true");
        await first.StopAsync();
    }

    [Theory]
    [InlineData("--Orchestrator:Engine=dapr", "DAPR_GRPC_PORT")]
    [InlineData("--Orchestrator:Dta=x", "Did you mean")]
    [InlineData("--urls=nonsense", "--urls")]
    public async Task What_keeps_it_from_starting_is_a_sentence_and_an_exit_code(string argument, string said)
    {
        var error = new StringWriter();
        var exit = await ServiceRun.RunAsync([argument, $"--Orchestrator:Data={data.Path}", .. Quiet(argument)], error);

        exit.Should().NotBe(0);
        error.ToString().Should().StartWith("The orchestrator cannot start.").And.Contain(said).And.NotContain("   at ");
    }

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("-h", 0)]
    [InlineData("legder", 2)]
    public async Task Who_asks_for_help_or_misspells_a_command_is_told_what_there_is_and_nothing_is_served(
        string word, int code)
    {
        var (output, error) = (new StringWriter(), new StringWriter());

        (await Commands.RunAsync([word, "reconcile"], output, error)).Should().Be(code);

        $"{output}{error}".Should().Contain("ledger reconcile").And.Contain("--Orchestrator:Data");
    }

    [Fact]
    public async Task An_address_in_use_is_a_sentence_and_an_exit_code()
    {
        await using var first = await StartAsync();
        using var other = new TempFolder();
        var error = new StringWriter();

        var exit = await ServiceRun.RunAsync(
            [$"--urls={first.Urls.First()}", $"--Orchestrator:Data={other.Path}", "--Logging:LogLevel:Default=None"], error);

        exit.Should().NotBe(0);
        error.ToString().Should().Contain("in use").And.Contain("--urls").And.NotContain("   at ");
        await first.StopAsync();
    }

    [Fact]
    public async Task The_host_does_not_log_the_trace_of_what_keeps_it_from_starting()
    {
        await using var app = ServiceHost.Build(["--urls=http://127.0.0.1:0", $"--Orchestrator:Data={data.Path}"]);

        var host = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.Extensions.Hosting.Internal.Host");

        host.IsEnabled(LogLevel.Error).Should().BeFalse();
        host.IsEnabled(LogLevel.Critical).Should().BeTrue("a background service that dies later must be told");
    }

    private static string[] Quiet(string argument) => argument.StartsWith("--urls", StringComparison.Ordinal)
        ? ["--Logging:LogLevel:Default=None"]
        : ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None"];

    private async Task<Microsoft.AspNetCore.Builder.WebApplication> StartAsync()
    {
        var app = ServiceHost.Build(
        [
            "--urls=http://127.0.0.1:0", $"--Orchestrator:Data={data.Path}", $"--Orchestrator:Definitions={definitions.Path}",
            "--Logging:LogLevel:Default=None",
        ]);
        try
        {
            await ServiceRun.StartAsync(app, CancellationToken.None);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private async Task<string[]> VersionsAsync()
    {
        await using var app = await StartAsync();
        var catalog = (IDefinitionCatalog)app.Services.GetService(typeof(IDefinitionCatalog))!;
        string[] versions = [.. catalog.List().Select(stored => $"{stored.Definition.Name} {stored.Definition.Version}")];
        await app.StopAsync();
        return versions;
    }
}
