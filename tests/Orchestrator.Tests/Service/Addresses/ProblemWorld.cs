using System.Text.Json;

namespace Orchestrator.Tests.Service.Addresses;

/// <summary>A service with a saga in every position in which something is refused.</summary>
public sealed class ProblemWorld : IAsyncLifetime
{
    private const string Head = "deadline: 10m\nmaxDeadline: 1h";

    private static readonly (string, string) Actor = ("X-Actor", "alice@example.org");

    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);

    internal RunningService Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Service = await RunningService.StartAsync();
        Service.Participant.HoldBack("two/do", held.Task).HoldBack("pay/do", held.Task).HoldBack("ship/do", held.Task)
            .HoldBack("taken/undo", held.Task).Answer("charge/do", 400, """{"code":"odd"}""")
            .Answer("stolen/undo", 503)
            .Answer("never/do", 409, """{"code":"refused","detail":"no"}""");
        // One step is done, one is under way, one is still to come.
        await StartAsync("DOING", Steps("one", "two", "three"), saga => StateOf(saga, "two") == "calling");
        await StartAsync("PAYING", Step("pay", "pivot"), saga => StateOf(saga, "pay") == "calling");
        await StartAsync("CHARGING", Step("charge", "pivot"), saga => LastErrorOf(saga, "charge") is not null);
        await StartAsync(
            "SHIPPING", Step("ship", "retriable") + Step("bill", "retriable"),
            saga => StateOf(saga, "ship") == "calling");
        await StartAsync("TURNED", Steps("taken", "never"), saga => StateOf(saga, "taken") == "undoing");
        await StartAsync("ENDED", Steps("quick"), saga => saga.GetProperty("outcome").GetString() is not null);
        await StartAsync("AGAIN", Steps("swift"), saga => saga.GetProperty("outcome").GetString() is not null);
        await PostAsync("/sagas/AGAIN/rerun", """{"force":true}""", ("Idempotency-Key", "rerun"));
        await OweAnUndoAsync();
        using var start = await Service.StartSagaAsync("ended", "{}", ("Idempotency-Key", "start"));
        await EndABatchAsync();
    }

    public Task DisposeAsync()
    {
        held.TrySetResult();
        return Service.DisposeAsync();
    }

    /// <summary>An address with the ids of this world in the place of its words.</summary>
    internal string Path(string path) =>
        ids.Aggregate(path, (all, one) => all.Replace(one.Key, one.Value, StringComparison.Ordinal));

    private async Task OweAnUndoAsync()
    {
        await StartAsync(
            "OWED", Steps("stolen", "never"), saga => Strings(saga, "stolen", "allowed").Contains("resolve-undone"));
        await PostAsync("/sagas/OWED/steps/stolen/resolve", """{"as":"undone"}""");
        await UntilAsync("OWED", saga => saga.GetProperty("outcome").GetString() == "compensated");
    }

    private async Task EndABatchAsync()
    {
        var batch = await PostAsync(
            "/batches", """{"ids":["nobody"],"verb":"retry"}""", ("Idempotency-Key", "batch"));
        var id = ids["BATCH"] = batch.GetProperty("id").GetString()!;
        await Eventually.TrueAsync(
            async () => (await Service.GetAsync($"/batches/{id}")).GetProperty("state").GetString() == "done",
            "the batch ends");
    }

    private async Task<JsonElement> PostAsync(string path, string body, params (string, string)[] headers)
    {
        using var answer = await Service.SendAsync(
            HttpMethod.Post, Path(path), RunningService.Body(body), [Actor, .. headers]);
        ((int)answer.StatusCode).Should().Be(202, await answer.Content.ReadAsStringAsync());
        return await RunningService.JsonOf(answer);
    }

    private async Task StartAsync(string word, string steps, Func<JsonElement, bool> until)
    {
        var name = word.ToLowerInvariant();
        await Service.DefineAsync(name, steps, Head);
        ids[word] = await Service.StartedAsync(name);
        await UntilAsync(word, until);
    }

    private Task UntilAsync(string word, Func<JsonElement, bool> isSo) => Eventually.TrueAsync(
        async () => isSo(await Service.GetAsync($"/sagas/{ids[word]}")), $"{word} should become so");

    private static string Steps(params string[] names) => string.Concat(names.Select(name => Step(name)));

    private static string Step(string name, string kind = "compensatable") =>
        $"  - {{ name: {name}, participant: shop, kind: {kind} }}\n";

    private static string? StateOf(JsonElement saga, string step) => Of(saga, step).GetProperty("state").GetString();

    private static string? LastErrorOf(JsonElement saga, string step) =>
        Of(saga, step).GetProperty("lastError").GetString();

    private static IEnumerable<string?> Strings(JsonElement saga, string step, string name) =>
        Of(saga, step).GetProperty(name).EnumerateArray().Select(item => item.GetString());

    private static JsonElement Of(JsonElement saga, string step) =>
        saga.GetProperty("steps").EnumerateArray().Single(one => one.GetProperty("name").GetString() == step);
}
