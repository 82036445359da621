using System.Text.Json.Nodes;
using Orchestrator.SystemTests.Harness;

namespace Orchestrator.SystemTests.Dapr;

[Collection(SharedDaprShop.Name)]
public sealed class DaprSagaTests(SharedDaprShop shared, InstalledDaprClient installed)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_official_client_reads_pauses_resumes_cancels_and_purges_a_saga()
    {
        var shop = shared.Shop;
        await using var client = new DaprClient(installed.Script, shop.Sidecar.Ports.Grpc);
        var saga = await shop.StartAtTheBankAsync("dapr-1", Deadline);
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
        await shop.CloseBankAsync(0);

        await shop.EndsAsync(saga.Id, "compensated");
        PhaseOf((await client.DoAsync(Verb("ended")))!).Should().Be("compensated");
        (await client.DoAsync(Verb("purge")))!.GetValue<bool>().Should().BeTrue();
        (await client.DoAsync(Verb("read"))).Should().BeNull();
        (await shop.Client.SagaAsync(saga.Id, CancellationToken.None)).Outcome
            .Should().Be("compensated", "our own store keeps it");
    }

    [Fact]
    public async Task After_a_kill_of_the_sidecar_a_saga_goes_on_and_does_nothing_twice()
    {
        var shop = shared.Shop;
        var saga = await shop.StartAtTheBankAsync("dapr-2", Deadline);

        await shop.Sidecar.Process!.KillAsync();
        await shop.Sidecar.StartAsync();
        await shop.CloseBankAsync(0);

        await shop.EndsAsync(saga.Id, "completed");
        await Restarting.DoneOnceAsync(shop, saga.Id);
    }

    [Fact]
    public Task After_a_kill_of_the_orchestrator_a_saga_goes_on_where_it_was() =>
        Restarting.AfterAKillASagaGoesOnAsync(shared.Shop);

    [Fact]
    public Task Sigterm_ends_within_ten_seconds_and_running_sagas_go_on_at_the_next_start() =>
        Restarting.AfterASigtermSagasGoOnAsync(shared.Shop);

    private static string? PhaseOf(JsonNode state) =>
        JsonNode.Parse(state["customStatus"]!.GetValue<string>())!["phase"]?.GetValue<string>();
}
