using System.Text.Json.Nodes;
using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests.Dapr;

public sealed class DaprSagaTests(InstalledDaprClient installed) : IClassFixture<InstalledDaprClient>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_official_client_reads_pauses_resumes_cancels_and_purges_a_saga()
    {
        await using var dapr = await DaprShop.StartAsync();
        await using var client = new DaprClient(installed.Script, dapr.Sidecar.GrpcAddress.Port);
        var saga = await WaitingForTheBankAsync(dapr.Shop, "dapr-1");
        JsonObject Verb(string verb) => new() { ["verb"] = verb, ["id"] = saga.Id };
        async Task<int> StatusAsync() => (await client.DoAsync(Verb("read")))!["status"]!.GetValue<int>();

        var read = (await client.DoAsync(Verb("read")))!;
        read["name"]!.GetValue<string>().Should().Be("place-order");
        PhaseOf(read).Should().Be("doing");
        await client.DoAsync(Verb("pause"));
        await Eventually.BecomesAsync(DaprClientTests.Suspended, OpenShop.Patience, StatusAsync);
        await client.DoAsync(Verb("resume"));
        await Eventually.BecomesAsync(DaprClientTests.Running, OpenShop.Patience, StatusAsync);
        var cancel = Verb("raise");
        cancel["event"] = "Cancel";
        cancel["payload"] = new JsonObject { ["actor"] = "op", ["reason"] = "the customer called" };
        await client.DoAsync(cancel);
        await dapr.Shop.CloseBankAsync(0);

        await dapr.Shop.EndsAsync(saga.Id, "compensated");
        PhaseOf((await client.DoAsync(Verb("ended")))!).Should().Be("compensated");
        (await client.DoAsync(Verb("purge")))!.GetValue<bool>().Should().BeTrue();
        (await client.DoAsync(Verb("read"))).Should().BeNull();
        (await dapr.Shop.Client.SagaAsync(saga.Id, CancellationToken.None)).Outcome
            .Should().Be("compensated", "our own store keeps it");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_kill_of_the_sidecar_or_of_the_orchestrator_a_saga_goes_on_and_does_nothing_twice(
        bool isSidecar)
    {
        await using var dapr = await DaprShop.StartAsync();
        var saga = await WaitingForTheBankAsync(dapr.Shop, "dapr-2");

        if (isSidecar) await dapr.Sidecar.RestartAsync();
        else await dapr.KillOrchestratorAsync();
        await dapr.Shop.CloseBankAsync(0);

        await dapr.Shop.EndsAsync(saga.Id, "completed");
        foreach (var service in (string[])[ShopPorts.Order, ShopPorts.Inventory, ShopPorts.Payment])
        {
            var effects = await dapr.Shop.Client.EffectsAsync(service, saga.Id, CancellationToken.None);
            effects.Select(effect => effect.Name).Should().Equal("done", "confirmed");
        }
    }

    private static async Task<SagaRead> WaitingForTheBankAsync(OpenShop shop, string orderId)
    {
        await shop.CloseBankAsync(120);
        var saga = await shop.PlaceAsync(OpenShop.Order(orderId), Deadline);
        await shop.StepBecomesAsync(saga.Id, "reserve-stock", "done");
        return saga;
    }

    private static string? PhaseOf(JsonNode state) =>
        JsonNode.Parse(state["customStatus"]!.GetValue<string>())!["phase"]?.GetValue<string>();
}
