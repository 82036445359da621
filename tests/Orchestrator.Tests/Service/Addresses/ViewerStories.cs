using Orchestrator.Tests.Service.Security;

namespace Orchestrator.Tests.Service.Addresses;

/// <summary>Who may only read.</summary>
public sealed class ViewerStories(GuardedService guarded) : IClassFixture<GuardedService>
{
    [Fact]
    public async Task A_viewer_and_a_starter_change_nothing_that_is_there()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        guarded.Service.Participant.HoldBack("reserve/do", held.Task);
        var ended = await StartedAsync();
        using var cancel = await guarded.SendAsync("admin", HttpMethod.Post, $"/sagas/{ended}/cancel", "{}");
        await UntilAsync($"/sagas/{ended}", "\"outcome\":\"compensated\"");
        var running = await StartedAsync();
        await UntilAsync($"/sagas/{running}/history", "\"call-sent\"");
        var before = await EverythingAsync(ended, running);

        foreach (var route in ServiceRoute.All.Where(route => route.Changes && route.Needs != "starter"))
        {
            foreach (var role in (string[])["viewer", "starter"])
                foreach (var saga in (string[])[ended, running])
                {
                    var answer = await guarded.SendAsync(role, route.Method, route.Path(saga), route.Body);
                    await answer.ShouldBeProblemAsync(403, "forbidden");
                }
        }

        (await EverythingAsync(ended, running)).Should().Be(before);
        held.SetResult();
    }

    private async Task<string> StartedAsync()
    {
        using var started = await guarded.SendAsync("admin", HttpMethod.Post, "/sagas/order", "{}");
        return (await RunningService.JsonOf(started)).GetProperty("id").GetString()!;
    }

    private Task UntilAsync(string path, string text) => Eventually.TrueAsync(
        async () => (await SeenAsync(path)).Contains(text, StringComparison.Ordinal), $"{path} should say {text}");

    private async Task<string> EverythingAsync(params string[] sagas)
    {
        string[] paths =
        [
            "/sagas", "/definitions", "/definitions/order/versions", "/participants", "/batches",
            .. sagas.SelectMany(id => (string[])[$"/sagas/{id}", $"/sagas/{id}/history"]),
        ];
        var all = "";
        foreach (var path in paths) all += await SeenAsync(path) + "\n";
        return all;
    }

    private async Task<string> SeenAsync(string path)
    {
        using var answer = await guarded.SendAsync("admin", HttpMethod.Get, path);
        ((int)answer.StatusCode).Should().Be(200, path);
        return await answer.Content.ReadAsStringAsync();
    }
}
