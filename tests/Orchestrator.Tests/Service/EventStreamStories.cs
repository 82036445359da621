using System.Net;

namespace Orchestrator.Tests.Service;

/// <summary>GET /events and /sagas/{id}/events.</summary>
public sealed class EventStreamStories(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task The_stream_of_one_saga_begins_with_its_state_and_follows_it_to_the_end()
    {
        var held = new TaskCompletionSource();
        service.Participant.HoldBack("follow/do", held.Task);
        await service.DefineAsync("followed", "  - { name: follow, participant: shop }\n");
        var id = await service.StartedAsync("followed?key=K");

        await using var stream = await EventStream.OpenAsync(service, $"/sagas/{id}/events");
        var first = await stream.NextAsync();
        held.SetResult();
        var last = await stream.UntilAsync(item => item.Phase == "completed");

        first.Name.Should().Be("saga");
        first.Saga.GetProperty("id").GetString().Should().Be(id);
        first.Phase.Should().Be("doing");
        first.Saga.GetProperty("businessKey").GetString().Should().Be("K");
        last.Id.Should().BeGreaterThan(first.Id);
        last.Saga.GetProperty("outcome").GetString().Should().Be("completed");
    }

    [Fact]
    public async Task The_stream_of_all_tells_every_saga_from_now_on()
    {
        await service.DefineAsync("all");
        var before = await service.StartedAsync("all");
        await using var stream = await EventStream.OpenAsync(service, "/events");

        var id = await service.StartedAsync("all");
        var last = await stream.UntilAsync(item => item.SagaId == id && item.Phase == "completed");

        last.Id.Should().BePositive();
        before.Should().NotBe(id);
    }

    [Fact]
    public async Task A_reader_that_was_cut_off_resumes_without_a_gap()
    {
        await service.DefineAsync("resumed");
        var first = await service.StartedAsync("resumed");
        long seen;
        await using (var stream = await EventStream.OpenAsync(service, $"/sagas/{first}/events"))
            seen = (await stream.UntilAsync(item => item.Phase == "completed")).Id;

        var missed = new HashSet<string>();
        for (var i = 0; i < 20; i++) missed.Add((await service.FinishedAsync("resumed")).GetProperty("id").GetString()!);

        await using var resumed = await EventStream.OpenAsync(service, "/events", ("Last-Event-ID", $"{seen}"));
        var ids = new List<long>();
        while (missed.Count > 0)
        {
            var item = await resumed.NextAsync();
            ids.Add(item.Id);
            if (item.Phase == "completed") missed.Remove(item.SagaId);
        }

        ids.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        ids.Should().OnlyContain(id => id > seen);
    }

    [Fact]
    public async Task A_reader_resumes_after_a_restart_of_the_service()
    {
        var own = await RunningService.StartAsync();
        await own.DefineAsync("durable");
        var id = (await own.FinishedAsync("durable")).GetProperty("id").GetString()!;

        await own.RestartAsync();
        var later = (await own.FinishedAsync("durable")).GetProperty("id").GetString()!;
        await using (var stream = await EventStream.OpenAsync(own, "/events", ("Last-Event-ID", "0")))
        {
            (await stream.UntilAsync(item => item.SagaId == id)).Phase.Should().Be("completed");
            (await stream.UntilAsync(item => item.SagaId == later)).Should().NotBeNull();
        }

        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_silent_stream_sends_a_comment_so_that_a_cut_is_noticed()
    {
        var clock = new ManualTime(TimeProvider.System.GetUtcNow());
        var feed = new SilentFeed();
        var http = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        using var body = new MemoryStream();
        http.Response.Body = body;
        using var end = new CancellationTokenSource();

        var sight = new Orchestrator.Service.Security.Sight(Orchestrator.Service.Security.Caller.Anybody, null!);
        var writing = new Orchestrator.Service.Api.Streams.EventStreamWriter(http.Response, sight, clock)
            .WriteAsync(feed.ReadAsync(end.Token), end);
        await Eventually.TrueAsync(() => clock.Waiting > 0, "the stream should wait");
        clock.Advance(TimeSpan.FromSeconds(15));
        await Eventually.TrueAsync(() => clock.Waiting > 0, "the stream should wait");
        clock.Advance(TimeSpan.FromSeconds(15));
        await Eventually.TrueAsync(() => clock.Waiting > 0, "the stream should wait");
        await end.CancelAsync();

        await FluentActions.Awaiting(() => writing).Should().ThrowAsync<OperationCanceledException>();
        System.Text.Encoding.UTF8.GetString(body.ToArray()).Split(": still here").Should().HaveCount(3);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task A_last_event_id_that_is_none_is_refused(string id)
    {
        var answer = await service.SendAsync(HttpMethod.Get, "/events", null, ("Last-Event-ID", id));

        await answer.ShouldBeProblemAsync(400, "bad-parameter");
    }

    [Fact]
    public async Task A_stop_ends_streams_and_waits_at_once_and_cleanly()
    {
        var own = await RunningService.StartAsync();
        var held = new TaskCompletionSource();
        own.Participant.HoldBack("stop/do", held.Task);
        await own.DefineAsync("stopped", "  - { name: stop, participant: shop }\n");
        var stream = await EventStream.OpenAsync(own, "/events");
        var waiting = own.StartSagaAsync("stopped", "{}", ("Prefer", "wait=60"));
        await stream.NextAsync();
        var since = TimeProvider.System.GetTimestamp();

        var stopping = own.StopAsync();
        using var answer = await waiting;
        while (await stream.TryNextAsync() is not null)
        {
        }

        held.SetResult();
        await stopping;
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        TimeProvider.System.GetElapsedTime(since).Should().BeLessThan(TimeSpan.FromSeconds(10));
        await stream.DisposeAsync();
        await own.DisposeAsync();
    }

    private sealed class SilentFeed
    {
        public async IAsyncEnumerable<Orchestrator.Engine.Ports.SagaChange> ReadAsync(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            yield break;
        }
    }
}
