using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests.Dapr;

/// <summary>The orchestrator and its sidecar lose each other, or one of them what it knew.</summary>
[Collection(SharedDaprShop.Name)]
public sealed class RecoveryTests(SharedDaprShop shared)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Terminated_while_the_orchestrator_is_down_a_saga_is_undone_after_its_start()
    {
        var shop = shared.Shop;
        var saga = await shop.StartAtTheBankAsync("down-1", Deadline);
        await shop.Orchestrator.KillAsync();

        // The sidecar answers only once somebody takes its work again.
        var terminating = shop.Sidecar.ActAsync(saga.Id, "terminate");
        await shop.Cluster.StartAsync(ShopPorts.Orchestrator, CancellationToken.None);
        (await terminating).Should().Be(202);

        await UndoneInASecondInstanceAsync(shop, saga);
    }

    [Fact]
    public async Task An_instance_that_was_ended_behind_our_back_is_found_and_its_saga_undone()
    {
        var shop = shared.Shop;
        var saga = await shop.StartAtTheBankAsync("behind-1", Deadline);
        await shop.Orchestrator.KillAsync();
        using (var other = new BareWorker(shop.Sidecar.Ports))
        {
            var answering = other.AnswerAsync(
                saga.Id, async () => (await shop.Sidecar.FindAsync(saga.Id))!.Status == "TERMINATED");
            await shop.Sidecar.ActAsync(saga.Id, "terminate");
            await answering.WaitAsync(OpenShop.Patience, TimeProvider.System);
        }

        await shop.Cluster.StartAsync(ShopPorts.Orchestrator, CancellationToken.None);

        await UndoneInASecondInstanceAsync(shop, saga);
    }

    [Fact]
    public async Task Sagas_go_on_and_are_listed_after_our_own_store_was_lost()
    {
        var shop = shared.Shop;
        var ended = await shop.PlaceAsync(OpenShop.Order("lost-0"), Deadline, TimeSpan.FromSeconds(20));
        List<SagaRead> running = [];
        for (var number = 1; number <= 5; number++)
            running.Add(await shop.StartAtTheBankAsync($"lost-{number}", Deadline));
        await shop.Orchestrator.KillAsync();
        Directory.Delete(shop.OrchestratorData, recursive: true);

        await shop.Cluster.StartAsync(ShopPorts.Orchestrator, CancellationToken.None);
        await shop.CloseBankAsync(0);

        foreach (var saga in running)
        {
            await Eventually.BecomesAsync("completed", OpenShop.Patience, () => OutcomeAsync(shop, saga.Id), saga.Id);
            foreach (var service in (string[])[ShopPorts.Order, ShopPorts.Inventory, ShopPorts.Payment])
                (await EffectsAsync(shop, service, saga.Id)).Should().Equal("done", "confirmed");
        }

        // Nothing else is running; what has ended is not listed again.
        (await KeysAsync(shop)).Should().BeEquivalentTo(running.Select((_, number) => $"lost-{number + 1}"));
        (await EffectsAsync(shop, ShopPorts.Payment, ended.Id)).Should().Equal("done", "confirmed");
    }

    [Fact]
    public async Task While_the_sidecar_is_away_starts_are_turned_away_and_afterwards_everything_goes_on()
    {
        var shop = shared.Shop;
        var saga = await shop.StartAtTheBankAsync("away-1", Deadline);

        await shop.Sidecar.Process!.KillAsync();
        await Eventually.BecomesAsync(
            true, OpenShop.Patience,
            async () => (await shop.WhyNotReadyAsync()).Contains("sidecar", StringComparison.Ordinal));
        using (var answer = await shop.Client.SendAsync(
            OpenShop.Order("away-2"), new PlaceOptions(Deadline), CancellationToken.None))
        {
            answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        }

        (await shop.Client.SagaAsync(saga.Id, default)).Phase.Should().Be("doing", "what is known is still told");
        await shop.CloseBankAsync(0);
        await shop.Sidecar.StartAsync();
        await Eventually.BecomesAsync("", OpenShop.Patience, shop.WhyNotReadyAsync);
        await shop.EndsAsync(saga.Id, "completed");
        (await EffectsAsync(shop, ShopPorts.Payment, saga.Id)).Should().Equal("done", "confirmed");
        (await KeysAsync(shop)).Where(key => key.StartsWith("away-", StringComparison.Ordinal))
            .Should().Equal("away-1");
        var after = await shop.PlaceAsync(OpenShop.Order("away-2"), Deadline, TimeSpan.FromSeconds(20));
        after.Outcome.Should().Be("completed");
    }

    [Fact]
    public async Task Participants_are_reached_by_their_app_ids_and_one_that_is_away_costs_only_time()
    {
        var shop = shared.Shop;
        foreach (var service in ShopPorts.Services)
            await shop.Cluster.RegisterAsync(service, new { app = service }, default);
        var saga = await shop.PlaceAsync(OpenShop.Order("app-1"), Deadline, TimeSpan.FromSeconds(20));
        saga.Outcome.Should().Be("completed");

        await shop.Cluster[ShopPorts.Inventory].KillAsync();
        var waiting = await shop.PlaceAsync(OpenShop.Order("app-2"), Deadline);
        await shop.StepBecomesAsync(waiting.Id, "reserve-stock", "unknown");
        await shop.Cluster.StartAsync(ShopPorts.Inventory, CancellationToken.None);

        await shop.EndsAsync(waiting.Id, "completed");
        (await EffectsAsync(shop, ShopPorts.Inventory, waiting.Id)).Should().Equal("done", "confirmed");
        foreach (var service in ShopPorts.Services)
            await shop.Cluster.RegisterAsync(service, new { url = shop.Ports.UrlOf(service) }, default);
    }

    private static async Task UndoneInASecondInstanceAsync(OpenShop shop, SagaRead saga)
    {
        await shop.EndsAsync(saga.Id, "compensated");
        (await shop.Client.SagaAsync(saga.Id, default)).Reason!.Code.Should().Be("terminated");
        foreach (var service in (string[])[ShopPorts.Order, ShopPorts.Inventory])
            (await EffectsAsync(shop, service, saga.Id)).Should().Equal("done", "undone");
        (await EffectsAsync(shop, ShopPorts.Payment, saga.Id)).Should().BeEmpty();
        await Eventually.BecomesAsync(
            "COMPLETED", OpenShop.Patience,
            async () => (await shop.Sidecar.FindAsync($"{saga.Id}-2"))?.Status ?? "missing");
        await shop.CloseBankAsync(0);
    }

    private static async Task<string> OutcomeAsync(OpenShop shop, string sagaId)
    {
        try
        {
            return (await shop.Client.SagaAsync(sagaId, default)).Outcome ?? "nothing yet";
        }
        catch (InvalidOperationException)
        {
            return "not known again yet";
        }
    }

    private static async Task<List<string>> KeysAsync(OpenShop shop)
    {
        using var http = new HttpClient();
        var page = await http.GetFromJsonAsync<JsonElement>(
            new Uri(shop.Cluster.AddressOf(ShopPorts.Orchestrator), "/sagas?limit=100"));
        return
        [
            .. page.GetProperty("items").EnumerateArray().Select(saga => saga.GetProperty("businessKey").GetString()!),
        ];
    }

    private static async Task<List<string>> EffectsAsync(OpenShop shop, string service, string sagaId) =>
        [.. (await shop.Client.EffectsAsync(service, sagaId, default)).Select(effect => effect.Name)];
}
