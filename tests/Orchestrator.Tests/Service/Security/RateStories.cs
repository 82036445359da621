namespace Orchestrator.Tests.Service.Security;

/// <summary>One caller cannot send without end.</summary>
public sealed class RateStories
{
    [Fact]
    public async Task Who_sends_more_than_allowed_is_told_to_wait_and_health_is_not_counted()
    {
        var service = await RunningService.StartWithAsync("--Orchestrator:Security:RequestsPerSecond=1");
        using var first = await service.Http.GetAsync("/definitions");
        // Two at once: one of them may fall into the next second, never both.
        var two = await Task.WhenAll(service.Http.GetAsync("/definitions"), service.Http.GetAsync("/definitions"));
        var refused = two.First(answer => (int)answer.StatusCode == 429);

        first.IsSuccessStatusCode.Should().BeTrue();
        refused.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(1));
        await refused.ShouldBeProblemAsync(429, "too-many-requests");
        using var health = await service.Http.GetAsync("/healthz");
        health.IsSuccessStatusCode.Should().BeTrue();
        await service.DisposeAsync();
    }
}
