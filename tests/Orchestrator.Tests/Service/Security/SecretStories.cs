using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Service.Security;

namespace Orchestrator.Tests.Service.Security;

/// <summary>Fields a definition marks as secret: whoever is no operator sees them nowhere.</summary>
public sealed class SecretStories : IAsyncLifetime, IDisposable
{
    private const string Secret = "TOPSECRET";
    private const string Input = """{"card":"4111TOPSECRET","amount":77,"nested":{"pin":"TOPSECRET"}}""";

    private readonly Dictionary<string, string> keys = [];
    private readonly Lines logs = new();
    private readonly ConcurrentQueue<string> traces = new();
    private readonly ActivityListener listener;
    private RunningService service = null!;

    public SecretStories()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => traces.Enqueue(
                $"{activity.DisplayName} {activity.StatusDescription} "
                + string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))
                + string.Join(' ', activity.Events.SelectMany(e => e.Tags).Select(tag => $"{tag.Key}={tag.Value}"))),
        };
        ActivitySource.AddActivityListener(listener);
    }

    public async Task InitializeAsync()
    {
        string[] args =
        [
            .. KeyOf("viewer"), .. KeyOf("starter"), .. KeyOf("operator"), .. KeyOf("admin"),
            "--Logging:LogLevel:Default=Trace",
        ];
        service = await RunningService.StartWithAsync(
            builder => builder.Services.AddSingleton<ILoggerProvider>(logs), args);
        service.Participant
            .Answer("charge/do", 200, """{"receipt":"r-1","token":"tok_TOPSECRET"}""")
            .Answer("send/do", 409, """{"code":"refused","detail":"no to TOPSECRET"}""")
            .Answer("charge/undo", 503, """{"detail":"cannot undo TOPSECRET"}""");
        service.Participant.Rows = """{"data":{"pan":"TOPSECRET"}}""";
        var definition = $$"""
            {"name":"pay","deadline":"1h","participants":{"shop":{"url":"{{service.Participant.Url}}"} },
             "steps":[{"name":"charge","participant":"shop","input":{"pan":"$.input.card","all":"$.input"} },
                      {"name":"send","participant":"shop","input":{"t":"$.steps.charge.output.token","a":"$.input.amount"} }],
             "output":{"x":"$.steps.charge.output"},
             "secret":["$.input.card","$.input.nested.pin","$.steps.charge.output.token"]}
            """;
        using var put = await SendAsync("admin", HttpMethod.Put, "/definitions/pay", definition);
        ((int)put.StatusCode).Should().Be(201, await put.Content.ReadAsStringAsync());
    }

    public Task DisposeAsync() => service.DisposeAsync();

    public void Dispose()
    {
        listener.Dispose();
        logs.Dispose();
    }

    [Fact]
    public async Task Whoever_is_no_operator_sees_them_nowhere_and_an_operator_sees_all()
    {
        var id = await StartAsync();
        await Eventually.TrueAsync(
            async () => (await TextAsync("admin", $"/sagas/{id}")).Contains("cannot undo", StringComparison.Ordinal),
            "the undo should have been tried");
        string[] paths = [$"/sagas/{id}", $"/sagas/{id}/history", $"/sagas/{id}/ledgers", "/sagas", "/overview"];
        foreach (var path in paths)
        {
            (await TextAsync("viewer", path)).Should().NotContain(Secret, path);
            (await TextAsync("starter", path)).Should().NotContain(Secret, path);
            (await TextAsync("operator", path)).Should().Contain(Secret, path);
            (await TextAsync("admin", path)).Should().Contain(Secret, path);
        }

        var seen = await TextAsync("viewer", $"/sagas/{id}");
        seen.Should().Contain("\"amount\":77").And.Contain("\"card\":\"***\"").And.Contain("\"receipt\":\"r-1\"");
        seen.Should().Contain(Sight.HiddenWords);
        (await TextAsync("viewer", $"/sagas/{id}/history")).Should().Contain("\"a\":77").And.Contain("\"t\":\"***\"");
    }

    [Theory]
    [InlineData("viewer", false)]
    [InlineData("operator", true)]
    public async Task Streams_and_trials_hide_them_too(string role, bool sees)
    {
        var id = await StartAsync();
        await Eventually.TrueAsync(
            async () => (await TextAsync("admin", $"/sagas/{id}")).Contains("TOPSECRET", StringComparison.Ordinal), "it runs");
        await using var stream = await EventStream.OpenAsync(service, $"/sagas/{id}/events", TokenOf(role));
        var item = await stream.NextAsync();
        while (item.Phase != "compensating") item = await stream.NextAsync();
        using var trial = await SendAsync(role, HttpMethod.Post, "/definitions/pay/try",
            $$"""{"input": {{Input}}, "outputs": {"charge": {"token": "TOPSECRET"} } }""");

        item.Saga.GetRawText().Contains(Secret, StringComparison.Ordinal).Should().Be(sees);
        (await trial.Content.ReadAsStringAsync()).Contains(Secret, StringComparison.Ordinal).Should().Be(sees);
    }

    [Fact]
    public async Task Who_starts_a_saga_and_waits_for_its_end_sees_them_covered()
    {
        service.Participant.Answer("send/do", 200, """{"id":1}""");
        using var answer = await service.SendAsync(
            HttpMethod.Post, "/sagas/pay", RunningService.Body(Input), TokenOf("starter"), ("Prefer", "wait=30"));

        var text = await answer.Content.ReadAsStringAsync();
        text.Should().Contain("completed").And.Contain("\"x\":{\"receipt\":\"r-1\",\"token\":\"***\"}").And.NotContain(Secret);
    }

    [Fact]
    public async Task What_an_operator_wrote_is_hidden_in_the_audit_list_and_in_batches_as_in_the_history()
    {
        var id = await StartAsync();
        const string reason = "\"reason\":\"the card is TOPSECRET\"";
        using var verb = await SendAsync("operator", HttpMethod.Post, $"/sagas/{id}/retry", $"{{{reason}}}");
        using var made = await SendAsync(
            "operator", HttpMethod.Post, "/batches", $$"""{"ids":["{{id}}"],"verb":"retry",{{reason}}}""");
        var batch = (await RunningService.JsonOf(made)).GetProperty("id").GetString();

        foreach (var path in (string[])["/audit", $"/audit?saga={id}", "/batches", $"/batches/{batch}"])
        {
            (await TextAsync("viewer", path)).Should().NotContain(Secret, path).And.Contain(Sight.HiddenWords, path);
            (await TextAsync("operator", path)).Should().Contain(Secret, path);
        }
    }

    [Fact]
    public async Task They_are_in_no_line_of_the_log_and_in_no_trace()
    {
        var id = await StartAsync();
        await Eventually.TrueAsync(
            async () => (await TextAsync("admin", $"/sagas/{id}")).Contains("cannot undo", StringComparison.Ordinal),
            "the undo should have been tried");

        logs.All.Should().NotBeEmpty().And.NotContain(line => line.Contains(Secret, StringComparison.Ordinal));
        logs.All.Should().NotContain(line => keys.Values.Any(key => line.Contains(key, StringComparison.Ordinal)));
        traces.Should().NotBeEmpty().And.NotContain(line => line.Contains(Secret, StringComparison.Ordinal));
    }

    private async Task<string> StartAsync()
    {
        using var answer = await SendAsync("starter", HttpMethod.Post, "/sagas/pay", Input);
        return (await RunningService.JsonOf(answer)).GetProperty("id").GetString()!;
    }

    private async Task<string> TextAsync(string role, string path)
    {
        using var answer = await SendAsync(role, HttpMethod.Get, path);
        ((int)answer.StatusCode).Should().Be(200, path);
        return await answer.Content.ReadAsStringAsync();
    }

    private Task<HttpResponseMessage> SendAsync(string role, HttpMethod method, string path, string? json = null) =>
        service.SendAsync(method, path, json is null ? null : RunningService.Body(json), TokenOf(role));

    private (string Name, string Value) TokenOf(string role) => ("Authorization", "Bearer " + keys[role]);

    private string[] KeyOf(string role)
    {
        var (key, hash) = ApiKey.Make();
        keys[role] = key;
        return
        [
            $"--Orchestrator:Security:Keys:{role}:Hash={hash}", $"--Orchestrator:Security:Keys:{role}:Grants={role}",
        ];
    }

    /// <summary>Every line that is logged, at any level.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => All.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // There is nothing to let go of.
        }
    }
}
