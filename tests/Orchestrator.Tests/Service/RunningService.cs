using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Orchestrator.Service.Hosting;

namespace Orchestrator.Tests.Service;

/// <summary>The real service on a real port with a folder of its own, and one participant.</summary>
public sealed class RunningService : IAsyncLifetime
{
    private WebApplication? app;
    private FakeParticipant? participant;
    private string[] more = [];

    internal FakeParticipant Participant => participant!;

    internal HttpClient Http { get; private set; } = new();

    internal string Data { get; } = Directory.CreateTempSubdirectory("orchestrator-").FullName;

    internal WebApplication App => app!;

    public static async Task<RunningService> StartAsync(Action<WebApplicationBuilder>? change = null)
    {
        var service = new RunningService();
        await service.InitializeAsync(change);
        return service;
    }

    /// <summary>With more on its command line.</summary>
    internal static async Task<RunningService> StartWithAsync(params string[] args)
    {
        var service = new RunningService { more = args };
        await service.InitializeAsync();
        return service;
    }

    /// <summary>The same with something replaced.</summary>
    internal static async Task<RunningService> StartWithAsync(
        Action<WebApplicationBuilder> change, params string[] args)
    {
        var service = new RunningService { more = args };
        await service.InitializeAsync(change);
        return service;
    }

    public Task InitializeAsync() => InitializeAsync(null);

    /// <summary>Stops the service and starts it again on the same folder.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await RunAsync(null);
    }

    public async Task StopAsync()
    {
        if (app is null) return;
        await app.StopAsync();
        await app.DisposeAsync();
        app = null;
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
        await participant!.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }

    /// <summary>Stores a definition whose participant "shop" is the fake one.</summary>
    internal async Task DefineAsync(string name, string steps, string head = "deadline: 1h")
    {
        var yaml = $"name: {name}\n{head}\nparticipants: {{ shop: {{ url: \"{Participant.Url}\" }} }}\nsteps:\n{steps}";
        using var answer = await PutAsync($"/definitions/{name}", yaml, "application/yaml");
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>One compensatable step.</summary>
    internal Task DefineAsync(string name) => DefineTimedAsync(name, "deadline: 1h");

    /// <summary>One compensatable step, with other deadlines.</summary>
    internal Task DefineTimedAsync(string name, string head) =>
        DefineAsync(name, "  - { name: reserve, participant: shop }\n", head);

    internal Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    internal Task<HttpResponseMessage> StartSagaAsync(
        string path, string json = "{}", params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, "/sagas/" + path, Body(json), headers);

    /// <summary>Starts a saga and answers its id.</summary>
    internal async Task<string> StartedAsync(
        string path, string json = "{}", params (string Name, string Value)[] headers)
    {
        using var answer = await StartSagaAsync(path, json, headers);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        return (await JsonOf(answer)).GetProperty("id").GetString()!;
    }

    /// <summary>Starts a saga, waits for its end and answers it whole.</summary>
    internal async Task<JsonElement> FinishedAsync(string path, string json = "{}")
    {
        using var answer = await StartSagaAsync(path, json, ("Prefer", "wait=30"));
        ((int)answer.StatusCode).Should().Be(200, await answer.Content.ReadAsStringAsync());
        return await JsonOf(answer);
    }

    internal Task<HttpResponseMessage> PutAsync(string path, string body, string type = "application/json") =>
        SendAsync(HttpMethod.Put, path, Body(body, type), ("X-Actor", "tester"));

    internal async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Http.GetAsync(path);
        ((int)answer.StatusCode).Should().Be(200, await answer.Content.ReadAsStringAsync());
        return await JsonOf(answer);
    }

    internal static HttpContent Body(string text, string? type = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return content;
    }

    internal static async Task<JsonElement> JsonOf(HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    private async Task InitializeAsync(Action<WebApplicationBuilder>? change)
    {
        participant = await FakeParticipant.StartAsync();
        await RunAsync(change);
    }

    private async Task RunAsync(Action<WebApplicationBuilder>? change)
    {
        app = ServiceHost.Build(
            [
                "--urls=http://127.0.0.1:0", $"--Orchestrator:Data={Data}", "--Logging:LogLevel:Default=Error", .. more,
            ],
            change);
        await ServiceRun.StartAsync(app, CancellationToken.None);
        Http.Dispose();
        var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        Http = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(60) };
        await ReadyAsync();
    }

    private async Task ReadyAsync()
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var answer = await Http.GetAsync("/readyz");
            if (answer.IsSuccessStatusCode) return;
            TimeProvider.System.GetElapsedTime(limit).Should().BeLessThan(TimeSpan.FromSeconds(30), "the service should be ready");
        }
    }
}
