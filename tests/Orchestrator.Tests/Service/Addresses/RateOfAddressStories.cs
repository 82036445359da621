namespace Orchestrator.Tests.Service.Addresses;

/// <summary>Every address but those that are open to all counts against what one caller may send.</summary>
public sealed class RateOfAddressStories : IAsyncLifetime
{
    private const int Patience = 100;

    private RunningService service = null!;

    public async Task InitializeAsync() =>
        service = await RunningService.StartWithAsync("--Orchestrator:Security:RequestsPerSecond=1");

    public Task DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Who_sends_too_much_is_answered_429_wherever_it_goes()
    {
        foreach (var route in ServiceRoute.All)
        {
            var isOpen = route.Needs == ServiceRoute.Nothing;
            var tries = isOpen ? 5 : Patience;
            var refused = false;
            for (var i = 0; i < tries && !refused; i++)
            {
                using var answer = await service.SendAsync(
                    route.Method, route.Path(), route.Body is { } body ? RunningService.Body(body) : null);
                refused = (int)answer.StatusCode == 429;
                if (refused) await answer.ShouldBeProblemAsync(429, "too-many-requests");
            }

            refused.Should().Be(!isOpen, route.Key);
        }
    }
}
