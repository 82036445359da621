using Orchestrator.Service.Security;

namespace Orchestrator.Tests.Service.Security;

/// <summary>A service that asks for tokens, with a key of each role.</summary>
public sealed class GuardedService : IAsyncLifetime
{
    private readonly Dictionary<string, string> keys = [];
    private RunningService? service;

    internal RunningService Service => service!;

    /// <summary>The token of a name.</summary>
    internal string TokenOf(string name) => keys[name];

    public async Task InitializeAsync()
    {
        string[] args =
        [
            .. KeyOf("viewer", "viewer"), .. KeyOf("starter", "starter"), .. KeyOf("operator", "operator"),
            .. KeyOf("admin", "admin"), .. KeyOf("only", "starter@order"),
            .. KeyOf("clerk", "operator@order"), .. KeyOf("owner", "admin@order"),
        ];
        service = await RunningService.StartWithAsync(args);
        foreach (var name in (string[])["order", "refund"])
        {
            using var answer = await SendAsync("admin", HttpMethod.Put, $"/definitions/{name}", Definition(name));
            ((int)answer.StatusCode).Should().Be(201, await answer.Content.ReadAsStringAsync());
        }
    }

    public Task DisposeAsync() => Service.DisposeAsync();

    /// <summary>Sends with the token of a name.</summary>
    internal Task<HttpResponseMessage> SendAsync(
        string name, HttpMethod method, string path, string? json = null,
        params (string Name, string Value)[] headers) => Service.SendAsync(
            method, path, json is null ? null : RunningService.Body(json),
            [("Authorization", "Bearer " + keys[name]), .. headers]);

    private string Definition(string name) =>
        $$$"""
        {"name":"{{{name}}}","deadline":"1h","participants":{"shop":{"url":"{{{Service.Participant.Url}}}"}},
         "steps":[{"name":"reserve","participant":"shop"}]}
        """;

    private string[] KeyOf(string name, string grants)
    {
        var (key, hash) = ApiKey.Make();
        keys[name] = key;
        return
        [
            $"--Orchestrator:Security:Keys:{name}:Hash={hash}", $"--Orchestrator:Security:Keys:{name}:Grants={grants}",
        ];
    }
}
