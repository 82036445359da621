using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Databases;
using Orchestrator.Service.Hosting;

namespace Orchestrator.Tests.Service;

/// <summary>Two services on one PostgreSQL database: whoever is asked, the answer is the same.</summary>
public sealed class SharedStoreStories : IAsyncLifetime, IDisposable
{
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<WebApplication> apps = [];
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private PostgresDatabase database = null!;
    private FakeParticipant participant = null!;
    private Uri one = null!;
    private Uri two = null!;

    public async Task InitializeAsync()
    {
        database = await PostgresServer.CreateDatabaseAsync();
        participant = await FakeParticipant.StartAsync();
        one = await StartAsync();
        two = await StartAsync();
        var yaml = $$"""
            name: order
            deadline: 1h
            participants: { shop: { url: "{{participant.Url}}" } }
            steps:
              - { name: reserve, participant: shop }
            """;
        using var put = await SendAsync(HttpMethod.Put, one, "/definitions/order", yaml, "application/yaml");
        put.IsSuccessStatusCode.Should().BeTrue(await put.Content.ReadAsStringAsync());
    }

    public async Task DisposeAsync()
    {
        held.TrySetResult();
        foreach (var app in apps)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        await participant.DisposeAsync();
        await database.DisposeAsync();
    }

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task A_definition_put_at_one_is_started_at_the_other_at_once()
    {
        using var answer = await SendAsync(HttpMethod.Post, two, "/sagas/order", "{}", prefer: "wait=30");

        answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_verb_is_carried_on_to_the_owner_and_answered_as_the_owner_answers()
    {
        var id = await HeldAsync();

        using var unreadable = await SendAsync(HttpMethod.Post, two, $"/sagas/{id}/cancel", "{\"reason\":");
        using var cancelled = await SendAsync(
            HttpMethod.Post, two, $"/sagas/{id}/cancel", """{"reason":"changed my mind"}""");
        held.SetResult();
        await EndAsync(id);
        using var again = await SendAsync(HttpMethod.Post, two, $"/sagas/{id}/cancel", "{}");

        unreadable.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        cancelled.StatusCode.Should().Be(HttpStatusCode.Accepted, await cancelled.Content.ReadAsStringAsync());
        var saga = await RunningService.JsonOf(cancelled);
        saga.GetProperty("phase").GetString().Should().Be("compensating");
        saga.GetProperty("reason").GetProperty("text").GetString().Should().Contain("changed my mind");
        again.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await RunningService.JsonOf(again)).GetProperty("code").GetString().Should().Be("finished");
    }

    [Fact]
    public async Task A_verb_on_a_saga_that_nobody_knows_is_answered_404_by_any_of_them()
    {
        using var answer = await SendAsync(HttpMethod.Post, two, "/sagas/nobody/cancel", "{}");

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_waits_with_any_of_them_goes_when_one_is_asked()
    {
        participant.Answer("reserve/do", 503);
        const string rare = """{"retry":{"first":"1h","longest":"1h"}}""";
        using var limits = await SendAsync(HttpMethod.Put, one, "/participants/shop", rare);
        var ids = new List<string>();
        foreach (var service in (Uri[])[one, two, two])
        {
            using var start = await SendAsync(HttpMethod.Post, service, "/sagas/order", "{}");
            ids.Add((await RunningService.JsonOf(start)).GetProperty("id").GetString()!);
        }

        await Eventually.TrueAsync(
            async () => await ReleaseAsync("""{"dryRun":true}""") == (3, 0), "three sagas should wait");
        participant.Answer("reserve/do", 200);
        (await ReleaseAsync("""{"reason":"the shop is back"}""")).Should().Be((3, 0));

        foreach (var id in ids) await EndAsync(id);
    }

    private async Task<(int Sagas, int Unreachable)> ReleaseAsync(string body)
    {
        using var answer = await SendAsync(HttpMethod.Post, one, "/participants/shop/retry", body);
        var read = await RunningService.JsonOf(answer);
        return (read.GetProperty("sagas").GetInt32(), read.GetProperty("unreachable").GetInt32());
    }

    [Fact]
    public async Task An_answer_over_the_broker_reaches_the_saga_wherever_it_runs()
    {
        var yaml = $$"""
            name: mailed
            deadline: 1h
            participants: { post: { url: "{{participant.Url}}", via: pubsub } }
            steps:
              - { name: send, participant: post, kind: retriable }
            """;
        using var put = await SendAsync(HttpMethod.Put, one, "/definitions/mailed", yaml, "application/yaml");
        put.StatusCode.Should().Be(HttpStatusCode.Created, await put.Content.ReadAsStringAsync());
        using var start = await SendAsync(HttpMethod.Post, one, "/sagas/mailed", "{}");
        var id = (await RunningService.JsonOf(start)).GetProperty("id").GetString()!;
        await Eventually.TrueAsync(
            () => Task.FromResult(participant.Seen.Contains("/v1.0/publish/pubsub/saga.post")), "published");
        var command = $"{id}/{CallNames.Of("send", CommandKind.Do, 0)}";
        var reply = $$"""
            {"specversion":"1.0","id":"r-1","source":"/participants/post","type":"{{SagaEventTypes.Replied}}",
             "sagaid":"{{id}}","sagacommand":"{{command}}","sagastatus":200,"sagastate":"done","sagaledger":"l-1",
             "datacontenttype":"application/json","data":{"letter":7} }
            """;

        using var taken = await SendAsync(HttpMethod.Post, two, "/saga/replies", reply, "application/cloudevents+json");

        (await RunningService.JsonOf(taken)).GetProperty("status").GetString().Should().Be("SUCCESS");
        (await EndAsync(id)).GetProperty("outcome").GetString().Should().Be("completed");
    }

    [Fact]
    public async Task A_batch_at_one_reaches_the_sagas_of_both_and_those_that_have_ended()
    {
        using var finished = await SendAsync(HttpMethod.Post, one, "/sagas/order", "{}", prefer: "wait=30");
        var ended = (await RunningService.JsonOf(finished)).GetProperty("id").GetString()!;
        var first = await HeldAsync();
        using var start = await SendAsync(HttpMethod.Post, two, "/sagas/order", "{}");
        var second = (await RunningService.JsonOf(start)).GetProperty("id").GetString();

        using var answer = await SendAsync(
            HttpMethod.Post, two, "/batches", $$"""{"ids":["{{first}}","{{second}}","{{ended}}"],"verb":"cancel"}""");
        var id = (await RunningService.JsonOf(answer)).GetProperty("id").GetString();
        var batch = await UntilAsync(
            one, $"/batches/{id}", each => each.GetProperty("endedAt").ValueKind != JsonValueKind.Null);
        held.SetResult();

        (batch.GetProperty("accepted").GetInt64(), batch.GetProperty("refused").GetInt64()).Should().Be((2, 1));
        await EndAsync(first);
        await EndAsync(second!);
    }

    [Fact]
    public async Task The_same_key_at_both_is_one_saga_also_while_it_runs()
    {
        participant.HoldBack("reserve/do", held.Task);
        using var first = await SendAsync(HttpMethod.Post, one, "/sagas/order", "{}", key: "k");

        using var second = await SendAsync(HttpMethod.Post, two, "/sagas/order", "{}", key: "k");
        var waiting = SendAsync(HttpMethod.Post, two, "/sagas/order", "{}", key: "k", prefer: "wait=30");
        held.SetResult();
        using var third = await waiting;

        second.StatusCode.Should().Be(HttpStatusCode.OK);
        var ids = new List<string?>();
        foreach (var answer in new[] { first, second, third })
            ids.Add((await RunningService.JsonOf(answer)).GetProperty("id").GetString());
        ids.Distinct().Should().ContainSingle();
        (await RunningService.JsonOf(third)).GetProperty("outcome").GetString().Should().Be("completed");
    }

    [Fact]
    public async Task The_minutes_of_each_count_the_sagas_of_both()
    {
        foreach (var service in (Uri[])[one, two, two])
        {
            using var ended = await SendAsync(HttpMethod.Post, service, "/sagas/order", "{}", prefer: "wait=30");
            ended.StatusCode.Should().Be(HttpStatusCode.OK);
        }

        foreach (var service in (Uri[])[one, two])
            await UntilAsync(service, "/overview", overview => Sum(overview, "started") == 3
                && Sum(overview, "completed") == 3);
    }

    private static long Sum(JsonElement overview, string name) => overview.GetProperty("minutes").EnumerateArray()
        .Sum(minute => minute.GetProperty(name).GetInt64());

    [Fact]
    public async Task A_service_that_listens_everywhere_has_to_say_where_it_is_reached()
    {
        var starting = () => StartAsync("http://0.0.0.0:0");

        (await starting.Should().ThrowAsync<StartRefusedException>()).WithMessage("*Orchestrator:Address is missing*");
    }

    private async Task<Uri> StartAsync(string url = "http://127.0.0.1:0")
    {
        var app = ServiceHost.Build(
        [
            $"--urls={url}", "--Orchestrator:Store=postgres", "--Orchestrator:Security:Mode=off",
            $"--Orchestrator:ConnectionString={database.ConnectionString}", "--Logging:LogLevel:Default=Error",
            // The participant plays the sidecar too: it takes what is published.
            $"--DAPR_HTTP_ENDPOINT={participant.Url}",
        ]);
        apps.Add(app);
        await ServiceRun.StartAsync(app, CancellationToken.None);
        var address = new Uri(app.Urls.First());
        var ready = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var answer = await http.GetAsync(new Uri(address, "/readyz"));
            if (answer.IsSuccessStatusCode) return address;
            TimeProvider.System.GetElapsedTime(ready).Should().BeLessThan(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>A saga of the first service whose step is under way.</summary>
    private async Task<string> HeldAsync()
    {
        participant.HoldBack("reserve/do", held.Task);
        using var start = await SendAsync(HttpMethod.Post, one, "/sagas/order", "{}");
        return (await RunningService.JsonOf(start)).GetProperty("id").GetString()!;
    }

    private Task<JsonElement> EndAsync(string id) =>
        UntilAsync(two, $"/sagas/{id}", saga => saga.GetProperty("outcome").ValueKind != JsonValueKind.Null);

    private async Task<JsonElement> UntilAsync(Uri service, string path, Func<JsonElement, bool> isSo)
    {
        JsonElement found = default;
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await SendAsync(HttpMethod.Get, service, path, null);
                return isSo(found = await RunningService.JsonOf(answer));
            },
            path);
        return found;
    }

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, Uri service, string path, string? body, string type = "application/json", string? key = null,
        string? prefer = null)
    {
        var request = new HttpRequestMessage(method, new Uri(service, path))
        {
            Content = body is null ? null : RunningService.Body(body, type),
        };
        request.Headers.Add("X-Actor", "tester");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (prefer is not null) request.Headers.Add("Prefer", prefer);
        return http.SendAsync(request);
    }
}
