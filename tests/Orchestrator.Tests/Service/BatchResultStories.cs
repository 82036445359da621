using System.Text.Json;

namespace Orchestrator.Tests.Service;

/// <summary>What became of each saga of a batch, over HTTP.</summary>
public sealed class BatchResultStories(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task Each_result_stands_beside_its_saga_as_it_is_now_and_those_of_one_kind_can_be_seen_alone()
    {
        await service.DefineAsync("beside");
        var ended = (await service.FinishedAsync("beside?key=K-7")).GetProperty("id").GetString();
        var body = $$"""{"args":{"force":true},"verb":"rerun","ids":["{{ended}}","nobody"]}""";
        using var answer = await service.SendAsync(
            HttpMethod.Post, "/batches", RunningService.Body(body), ("X-Actor", "alice@example.org"));
        var id = Text(await RunningService.JsonOf(answer), "id");
        await Eventually.TrueAsync(
            async () => Text(await service.GetAsync($"/batches/{id}"), "state") == "done", "it ends");

        var accepted = await service.GetAsync($"/batches/{id}/results?result=accepted");
        var refused = await service.GetAsync($"/batches/{id}/results?result=refused");

        var saga = accepted.GetProperty("items").EnumerateArray().Should().ContainSingle().Subject.GetProperty("saga");
        (Text(saga, "businessKey"), Text(saga, "definition"), Text(saga, "phase")).Should()
            .Be(("K-7", "beside", "completed"));
        refused.GetProperty("items").EnumerateArray().Should().ContainSingle().Which.GetProperty("sagaId").GetString()
            .Should().Be("nobody");
    }

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();
}
