using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests;

[Collection(SharedShop.Name)]
public sealed class RestartTests(SharedShop shared)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(45);

    [Fact]
    public Task After_a_kill_a_saga_goes_on_where_it_was() => Restarting.AfterAKillASagaGoesOnAsync(shared.Shop);

    [Fact]
    public Task Sigterm_ends_within_ten_seconds_and_running_sagas_go_on_at_the_next_start() =>
        Restarting.AfterASigtermSagasGoOnAsync(shared.Shop);

    [Fact]
    public async Task A_second_engine_on_the_same_data_folder_names_the_first_and_ends()
    {
        var shop = shared.Shop;

        var (code, words) = await Programs.RunOursAsync(
            ShopPlaces.ServiceProgram,
            OrchestratorCommand.Arguments(
                $"http://127.0.0.1:{ShopPorts.FreeOne()}", shop.Data, DefinitionFolder.Existing(shop.Data), []));

        code.Should().NotBe(0);
        words.Should().Contain($"{shop.Orchestrator.Id}", "the first process is named").And.NotContain("   at ");
        var saga = await shop.PlaceAsync(OpenShop.Order("still-1"), Deadline, TimeSpan.FromSeconds(20));
        saga.Outcome.Should().Be("completed", "the first one goes on undisturbed");
    }

    [Fact]
    public async Task A_participant_that_was_dead_at_the_expiry_undoes_at_its_start_before_it_serves()
    {
        var shop = shared.Shop;
        var before = await shop.Client.StockAsync("A1", CancellationToken.None);
        await shop.CloseBankAsync(60);
        var saga = await shop.PlaceAsync(OpenShop.Order("dead-1", quantity: 7), TimeSpan.FromSeconds(5));
        await shop.StepBecomesAsync(saga.Id, "reserve-stock", "done");

        await shop.Cluster[ShopPorts.Inventory].KillAsync();
        await Pause.UntilAsync(saga.ExpiresAt);
        await shop.Cluster.StartAsync(ShopPorts.Inventory, CancellationToken.None);

        (await shop.Client.StockAsync("A1", CancellationToken.None)).Should().Be(before);
        await shop.EndsAsync(saga.Id, "compensated");
        await shop.CloseBankAsync(0);
    }
}
