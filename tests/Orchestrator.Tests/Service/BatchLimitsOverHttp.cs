using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Orchestrator.Tests.Service;

/// <summary>How many sagas one batch may have, and how many batches may go on.</summary>
public sealed class BatchLimitsOverHttp : IAsyncLifetime
{
    private const int MostSagas = 10_000;
    private const int MostBatches = 20;

    // More than may wait beside a batch, so that each batch goes on slowly.
    private const int Waiting = 70;

    private static readonly (string, string) Actor = ("X-Actor", "alice@example.org");

    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunningService service = null!;

    public async Task InitializeAsync() => service = await RunningService.StartAsync();

    public Task DisposeAsync()
    {
        held.TrySetResult();
        return service.DisposeAsync();
    }

    [Fact]
    public async Task More_sagas_than_a_batch_may_have_are_refused_by_filter_and_by_ids()
    {
        await service.DefineAsync("many");
        var id = (await service.FinishedAsync("many")).GetProperty("id").GetString()!;
        await service.StopAsync();
        Copy(id, MostSagas);
        await service.RestartAsync();
        var ids = JsonSerializer.Serialize(Enumerable.Range(0, MostSagas + 1).Select(i => $"s{i}"));

        foreach (var dry in (string[])["false", "true"])
        {
            var filter = await PostAsync($$$"""{"filter":{"definition":"many"},"verb":"delete","dryRun":{{{dry}}}}""");
            var named = await PostAsync($$"""{"ids":{{ids}},"verb":"delete","dryRun":{{dry}}}""");
            (await filter.ShouldBeProblemAsync(422, "too-many-sagas")).Paths().Should().Equal("filter");
            (await named.ShouldBeProblemAsync(422, "too-many-sagas")).Paths().Should().Equal("ids");
        }

        using var preview = await PostAsync(
            """{"filter":{"definition":"many","tag.some":"1"},"verb":"delete","dryRun":true}""");
        (await RunningService.JsonOf(preview)).GetProperty("matching").GetInt32().Should().Be(0);
        (await service.GetAsync("/batches")).GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task No_more_batches_go_on_than_may_and_a_stop_makes_room()
    {
        service.Participant.HoldBack("reserve/do", held.Task);
        await service.DefineAsync("slow");
        using var narrow = await service.PutAsync("/participants/shop", """{"concurrency":1}""");
        var sagas = new List<string>();
        for (var i = 0; i < Waiting; i++) sagas.Add(await service.StartedAsync("slow"));
        var body = $$"""{"ids":{{JsonSerializer.Serialize(sagas)}},"verb":"retry"}""";
        var batches = new List<string>();
        for (var i = 0; i < MostBatches; i++) batches.Add(await AcceptedAsync(body));

        var refused = await PostAsync(body);
        using var stop = await service.SendAsync(HttpMethod.Post, $"/batches/{batches[^1]}/stop", null, Actor);
        var next = await AcceptedAsync(body);

        (await refused.ShouldBeProblemAsync(409, "too-many-batches")).Detail().Should().Contain("20 batches go on");
        ((int)stop.StatusCode).Should().Be(202);
        next.Should().NotBeNullOrEmpty();
    }

    private async Task<string> AcceptedAsync(string body)
    {
        using var answer = await PostAsync(body);
        ((int)answer.StatusCode).Should().Be(202, await answer.Content.ReadAsStringAsync());
        return (await RunningService.JsonOf(answer)).GetProperty("id").GetString()!;
    }

    private Task<HttpResponseMessage> PostAsync(string body) =>
        service.SendAsync(HttpMethod.Post, "/batches", RunningService.Body(body), Actor);

    /// <summary>Puts copies of a finished saga into the store, while nobody has it open.</summary>
    private void Copy(string id, int times)
    {
        using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $times)
            INSERT INTO sagas (
              no, id, definition, definition_version, phase, stuck, in_doubt, started_at, expires_at, ended_at)
            SELECT 1000000 + i, id || '-' || i, definition, definition_version, phase, stuck, in_doubt, started_at,
              expires_at, ended_at
            FROM sagas, n WHERE id = $id;
            UPDATE head SET no = 2000000;
            """;
        command.Parameters.AddWithValue("$times", times);
        command.Parameters.AddWithValue("$id", id);
        command.ExecuteNonQuery().Should().Be(times + 1);
    }

    private string DatabaseFile => Directory.GetFiles(service.Data, "*.db").Single();
}
