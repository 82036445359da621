using System.Net;

namespace Orchestrator.Tests.Service;

/// <summary>Prefer: wait.</summary>
public sealed class WaitStories(RunningService service) : IClassFixture<RunningService>
{
    [Fact]
    public async Task A_saga_that_ends_in_time_is_answered_200_and_whole()
    {
        await service.DefineAsync("quick");

        using var answer = await service.StartSagaAsync("quick", "{}", ("Prefer", "wait=30"));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Headers.GetValues("Preference-Applied").Should().Equal("wait=30");
        answer.Headers.Location.Should().NotBeNull();
        (await RunningService.JsonOf(answer)).GetProperty("outcome").GetString().Should().Be("completed");
    }

    [Fact]
    public async Task A_saga_that_goes_on_is_answered_202_after_the_wait()
    {
        var held = new TaskCompletionSource();
        service.Participant.HoldBack("slow/do", held.Task);
        await service.DefineAsync("slow", "  - { name: slow, participant: shop }\n");

        using var answer = await service.StartSagaAsync("slow", "{}", ("Prefer", "respond-async, wait=1"));
        held.SetResult();

        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        answer.Headers.GetValues("Preference-Applied").Should().Equal("wait=1");
        (await RunningService.JsonOf(answer)).GetProperty("phase").GetString().Should().Be("doing");
    }

    [Fact]
    public async Task A_repeated_start_waits_too()
    {
        await service.DefineAsync("twice");
        await service.StartedAsync("twice", "{}", ("Idempotency-Key", "k"));

        using var answer = await service.StartSagaAsync("twice", "{}", ("Idempotency-Key", "k"), ("Prefer", "wait=30"));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await RunningService.JsonOf(answer)).GetProperty("outcome").GetString().Should().Be("completed");
    }

    [Theory]
    [InlineData("wait=soon")]
    [InlineData("wait")]
    [InlineData("wait=-1")]
    [InlineData("return=minimal")]
    public async Task A_preference_that_is_not_understood_is_ignored(string preference)
    {
        await service.DefineAsync("quick");

        using var answer = await service.StartSagaAsync("quick", "{}", ("Prefer", preference));

        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        answer.Headers.Contains("Preference-Applied").Should().BeFalse();
    }

    [Fact]
    public async Task A_wait_beyond_the_limit_is_cut_to_the_limit_and_says_so()
    {
        await service.DefineAsync("quick");

        using var answer = await service.StartSagaAsync("quick", "{}", ("Prefer", "wait=86400"));

        answer.Headers.GetValues("Preference-Applied").Should().Equal("wait=60");
    }

    [Fact]
    public async Task A_caller_that_hangs_up_does_not_end_the_saga()
    {
        var held = new TaskCompletionSource();
        service.Participant.HoldBack("patient/do", held.Task);
        await service.DefineAsync("patient", "  - { name: patient, participant: shop }\n");
        using var hangUp = new CancellationTokenSource();
        var request = new HttpRequestMessage(HttpMethod.Post, "/sagas/patient") { Content = RunningService.Body("{}") };
        request.Headers.Add("Prefer", "wait=30");
        request.Headers.Add("Idempotency-Key", "patient");
        var waiting = service.Http.SendAsync(request, hangUp.Token);
        await Eventually.TrueAsync(() => service.Participant.Seen.Contains("patient/do"), "the call should go out");

        await hangUp.CancelAsync();
        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
        held.SetResult();

        using var again = await service.StartSagaAsync("patient", "{}", ("Idempotency-Key", "patient"), ("Prefer", "wait=30"));
        (await RunningService.JsonOf(again)).GetProperty("outcome").GetString().Should().Be("completed");
    }
}
