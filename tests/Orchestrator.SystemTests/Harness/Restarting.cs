using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests.Harness;

/// <summary>What must be so on every engine when the orchestrator ends in the middle of sagas.</summary>
internal static class Restarting
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(45);

    /// <summary>SIGKILL: a saga goes on where it was.</summary>
    internal static async Task AfterAKillASagaGoesOnAsync(OpenShop shop)
    {
        var saga = await shop.StartAtTheBankAsync("kill-1", Deadline);

        await shop.Orchestrator.KillAsync();
        await shop.Cluster.StartAsync(ShopPorts.Orchestrator, CancellationToken.None);
        await shop.CloseBankAsync(0);

        await shop.EndsAsync(saga.Id, "completed");
        await DoneOnceAsync(shop, saga.Id);
    }

    /// <summary>SIGTERM: it ends in time and by itself, and sagas go on at the next start.</summary>
    internal static async Task AfterASigtermSagasGoOnAsync(OpenShop shop)
    {
        List<SagaRead> sagas = [];
        for (var number = 0; number < 10; number++) sagas.Add(await shop.StartAtTheBankAsync($"term-{number}", Deadline));

        var wentByItself = await shop.Orchestrator.StopAsync(TimeSpan.FromSeconds(10));

        wentByItself.Should().BeTrue("SIGTERM ends the process within 10 s");
        (await shop.Orchestrator.Ended).Should().Be(0);
        await shop.Cluster.StartAsync(ShopPorts.Orchestrator, CancellationToken.None);
        await shop.CloseBankAsync(0);
        foreach (var saga in sagas)
        {
            await shop.EndsAsync(saga.Id, "completed");
            await DoneOnceAsync(shop, saga.Id);
        }
    }

    /// <summary>Every step of a completed saga was done and confirmed once.</summary>
    internal static async Task DoneOnceAsync(OpenShop shop, string sagaId)
    {
        foreach (var service in (string[])[ShopPorts.Order, ShopPorts.Inventory, ShopPorts.Payment])
        {
            var effects = await shop.Client.EffectsAsync(service, sagaId, CancellationToken.None);
            effects.Select(effect => effect.Name).Should().Equal("done", "confirmed");
        }
    }
}
