using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests;

public sealed class RestartTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(45);

    [Theory]
    [InlineData(ShopEngine.Embedded)]
    [InlineData(ShopEngine.Dapr)]
    public async Task After_a_kill_a_saga_goes_on_where_it_was(ShopEngine engine)
    {
        await using var shop = await OpenShop.StartAsync(engine);
        var saga = await shop.StartAtTheBankAsync("kill-1", Deadline);

        await shop.Orchestrator.KillAsync();
        await shop.Cluster.StartAsync(ShopPorts.Orchestrator, CancellationToken.None);
        await shop.CloseBankAsync(0);

        await shop.EndsAsync(saga.Id, "completed");
        await DoneOnceAsync(shop, saga.Id);
    }

    [Theory]
    [InlineData(ShopEngine.Embedded)]
    [InlineData(ShopEngine.Dapr)]
    public async Task Sigterm_ends_within_ten_seconds_and_running_sagas_go_on_at_the_next_start(ShopEngine engine)
    {
        await using var shop = await OpenShop.StartAsync(engine);
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

    [Fact]
    public async Task A_second_engine_on_the_same_data_folder_names_the_first_and_ends()
    {
        await using var shop = await OpenShop.StartAsync();

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
        await using var shop = await OpenShop.StartAsync();
        await shop.CloseBankAsync(60);
        var saga = await shop.PlaceAsync(OpenShop.Order("dead-1", quantity: 7), TimeSpan.FromSeconds(5));
        await shop.StepBecomesAsync(saga.Id, "reserve-stock", "done");

        await shop.Cluster[ShopPorts.Inventory].KillAsync();
        await Task.Delay(saga.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeProvider.System);
        await shop.Cluster.StartAsync(ShopPorts.Inventory, CancellationToken.None);

        (await shop.Client.StockAsync("A1", CancellationToken.None)).Should().Be(100);
        await shop.EndsAsync(saga.Id, "compensated");
    }

    private static async Task DoneOnceAsync(OpenShop shop, string sagaId)
    {
        foreach (var service in (string[])[ShopPorts.Order, ShopPorts.Inventory, ShopPorts.Payment])
        {
            var effects = await shop.Client.EffectsAsync(service, sagaId, CancellationToken.None);
            effects.Select(effect => effect.Name).Should().Equal("done", "confirmed");
        }
    }
}
