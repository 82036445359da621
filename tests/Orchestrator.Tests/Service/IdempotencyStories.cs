using System.Net;

namespace Orchestrator.Tests.Service;

/// <summary>Idempotency-Key.</summary>
public sealed class IdempotencyStories(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task The_same_key_and_the_same_request_answer_200_with_the_same_saga()
    {
        await service.DefineAsync("once");
        var id = await service.StartedAsync("once?tag.a=1", """{"a":1}""", ("Idempotency-Key", "k1"));

        using var again = await service.StartSagaAsync("once?tag.a=1", """{"a":1}""", ("Idempotency-Key", "k1"));

        again.StatusCode.Should().Be(HttpStatusCode.OK);
        again.Headers.Location!.ToString().Should().Be($"/sagas/{id}");
        (await RunningService.JsonOf(again)).GetProperty("id").GetString().Should().Be(id);
    }

    [Theory]
    [InlineData("once", """{"a":2}""")]
    [InlineData("once", """{"a": 1}""")]
    [InlineData("once?key=other", """{"a":1}""")]
    public async Task The_same_key_with_another_body_or_query_is_refused(string path, string json)
    {
        await service.DefineAsync("once");
        var key = $"k2-{path}-{json.GetHashCode(StringComparison.Ordinal)}";
        var id = await service.StartedAsync("once", """{"a":1}""", ("Idempotency-Key", key));

        var problem = await (await service.StartSagaAsync(path, json, ("Idempotency-Key", key)))
            .ShouldBeProblemAsync(409, "key-reused");

        problem.Detail().Should().Contain(id);
    }

    [Fact]
    public async Task Keys_are_scoped_by_definition()
    {
        await service.DefineAsync("scope-a");
        await service.DefineAsync("scope-b");

        var a = await service.StartedAsync("scope-a", "1", ("Idempotency-Key", "same"));
        var b = await service.StartedAsync("scope-b", "2", ("Idempotency-Key", "same"));

        b.Should().NotBe(a);
    }

    [Fact]
    public async Task Fifty_starts_at_once_with_one_key_make_one_saga()
    {
        await service.DefineAsync("race");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using var answer = await service.StartSagaAsync("race", "{}", ("Idempotency-Key", "race"));
            return (answer.StatusCode, (await RunningService.JsonOf(answer)).GetProperty("id").GetString());
        }));

        answers.Select(answer => answer.Item2).Distinct().Should().HaveCount(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted).Should().Be(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).Should().Be(49);
        (await service.GetAsync("/sagas?definition=race")).GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task A_key_is_known_after_a_restart()
    {
        var own = await RunningService.StartAsync();
        await own.DefineAsync("durable");
        var id = await own.StartedAsync("durable", "{}", ("Idempotency-Key", "k"));

        await own.RestartAsync();
        var again = await own.StartedAsync("durable", "{}", ("Idempotency-Key", "k"));

        again.Should().Be(id);
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_request_repeated_after_its_deadline_has_passed_is_answered_with_its_saga_not_with_a_lie()
    {
        var clock = new ManualTime(TimeProvider.System.GetUtcNow());
        var own = await RunningService.StartAsync(builder =>
            Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(
                builder.Services, clock));
        await own.DefineAsync("late");
        var deadline = clock.GetUtcNow().AddSeconds(30).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        var id = await own.StartedAsync($"late?deadline={deadline}", "{}", ("Idempotency-Key", "k"));

        clock.Advance(TimeSpan.FromMinutes(1));
        using var again = await own.StartSagaAsync($"late?deadline={deadline}", "{}", ("Idempotency-Key", "k"));
        var other = await own.StartSagaAsync($"late?deadline={deadline}", "[]", ("Idempotency-Key", "k"));
        var unknown = await own.StartSagaAsync($"late?deadline={deadline}", "{}", ("Idempotency-Key", "new"));

        again.StatusCode.Should().Be(HttpStatusCode.OK);
        (await RunningService.JsonOf(again)).GetProperty("id").GetString().Should().Be(id);
        await other.ShouldBeProblemAsync(409, "key-reused");
        await unknown.ShouldBeProblemAsync(422, "deadline");
        await own.DisposeAsync();
    }
}
