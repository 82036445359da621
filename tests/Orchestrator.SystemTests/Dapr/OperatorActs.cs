using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Dapr;

/// <summary>
/// What an operator does to instances with the dapr CLI, on real processes, through the sidecar's HTTP port.
/// </summary>
[Collection(SharedDaprShop.Name)]
public sealed class OperatorActs(SharedDaprShop shared)
{
    private const int Accepted = 202;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private OpenShop Shop => shared.Shop;

    private StandInProcess Sidecar => Shop.Sidecar;

    [Fact]
    public async Task A_pause_holds_back_what_goes_forward_and_a_resume_lets_it_go_on()
    {
        var saga = await Shop.StartAtTheBankAsync("pause-1", Deadline);

        (await Sidecar.ActAsync(saga.Id, "pause")).Should().Be(Accepted);
        await InstanceShowsAsync(saga.Id, "suspended", "True");
        await Shop.CloseBankAsync(0);
        var calm = await ChargesAsync(saga.Id);
        await Pause.OfAsync(3000);
        (await ChargesAsync(saga.Id)).Should().BeLessThanOrEqualTo(
            calm + 1, "at most a call that was under way came to its end");
        (await EffectsAsync(ShopPorts.Payment, saga.Id)).Should().BeEmpty();
        (await Sidecar.ActAsync(saga.Id, "resume")).Should().Be(Accepted);

        await Shop.EndsAsync(saga.Id, "completed");
        (await EffectsAsync(ShopPorts.Payment, saga.Id)).Should().Equal("done", "confirmed");
        await InstanceShowsAsync(saga.Id, "phase", "completed");
    }

    [Fact]
    public async Task A_paused_saga_still_expires_and_its_undos_go_out()
    {
        var saga = await Shop.StartAtTheBankAsync("pause-2", TimeSpan.FromSeconds(6));

        (await Sidecar.ActAsync(saga.Id, "pause")).Should().Be(Accepted);
        await Shop.EndsAsync(saga.Id, "compensated");

        foreach (var service in (string[])[ShopPorts.Order, ShopPorts.Inventory])
            (await EffectsAsync(service, saga.Id)).Should().Equal("done", "undone");
        (await EffectsAsync(ShopPorts.Payment, saga.Id)).Should().BeEmpty();
        (await Shop.Client.SagaAsync(saga.Id, default)).Reason!.Code.Should().Be("deadline");
        await Shop.CloseBankAsync(0);
    }

    [Fact]
    public async Task Terminated_before_the_point_of_no_return_a_second_instance_undoes_everything()
    {
        var saga = await Shop.StartAtTheBankAsync("terminate-1", Deadline);

        (await Sidecar.ActAsync(saga.Id, "terminate")).Should().Be(Accepted);
        await Shop.EndsAsync(saga.Id, "compensated");

        var first = await Sidecar.FindAsync(saga.Id);
        (first!.Status, first.Shows("continuedBy")).Should().Be(("TERMINATED", $"{saga.Id}-2"));
        await InstanceIsAsync($"{saga.Id}-2", "COMPLETED");
        await InstanceShowsAsync($"{saga.Id}-2", "phase", "compensated");
        (await Sidecar.FindAsync($"{saga.Id}-2"))!.Name.Should().Be("place-order");
        (await Shop.Client.SagaAsync(saga.Id, default)).Reason!.Code.Should().Be("terminated");
        foreach (var service in (string[])[ShopPorts.Order, ShopPorts.Inventory])
            (await EffectsAsync(service, saga.Id)).Should().Equal("done", "undone");
        await Shop.CloseBankAsync(0);
    }

    [Fact]
    public async Task Terminated_after_the_point_of_no_return_a_second_instance_goes_forward()
    {
        await Shop.Cluster[ShopPorts.Delivery].KillAsync();
        var saga = await Shop.PlaceAsync(OpenShop.Order("terminate-2"), Deadline);
        await PhaseBecomesAsync(saga.Id, "finishing");

        (await Sidecar.ActAsync(saga.Id, "terminate")).Should().Be(Accepted);
        await InstanceIsAsync(saga.Id, "TERMINATED");
        await InstanceShowsAsync($"{saga.Id}-2", "phase", "finishing");
        await Shop.Cluster.StartAsync(ShopPorts.Delivery, CancellationToken.None);

        await Shop.EndsAsync(saga.Id, "completed");
        (await EffectsAsync(ShopPorts.Delivery, saga.Id)).Should().Equal("done");
        (await EffectsAsync(ShopPorts.Payment, saga.Id)).Should().Equal("done", "confirmed");
        await InstanceIsAsync($"{saga.Id}-2", "COMPLETED");
    }

    [Fact]
    public async Task An_instance_that_took_over_can_be_paused_and_terminated_as_well()
    {
        await Shop.Cluster[ShopPorts.Delivery].KillAsync();
        var saga = await Shop.PlaceAsync(OpenShop.Order("terminate-3"), Deadline);
        await PhaseBecomesAsync(saga.Id, "finishing");
        await Sidecar.ActAsync(saga.Id, "terminate");
        await InstanceIsAsync($"{saga.Id}-2", "RUNNING");

        (await Sidecar.ActAsync($"{saga.Id}-2", "pause")).Should().Be(Accepted);
        await InstanceShowsAsync($"{saga.Id}-2", "suspended", "True");
        (await Sidecar.ActAsync($"{saga.Id}-2", "terminate")).Should().Be(Accepted);
        await InstanceShowsAsync($"{saga.Id}-2", "continuedBy", $"{saga.Id}-3");
        await Shop.Cluster.StartAsync(ShopPorts.Delivery, CancellationToken.None);
        await InstanceIsAsync($"{saga.Id}-3", "RUNNING");
        (await Sidecar.ActAsync($"{saga.Id}-3", "resume")).Should().Be(Accepted);

        await Shop.EndsAsync(saga.Id, "completed");
        (await EffectsAsync(ShopPorts.Delivery, saga.Id)).Should().Equal("done");
    }

    [Fact]
    public async Task A_cancel_raised_at_the_sidecar_undoes_everything_and_keeps_its_reason()
    {
        var saga = await Shop.StartAtTheBankAsync("raise-1", Deadline);

        (await Sidecar.ActAsync(saga.Id, "raiseEvent/cancel", "\"the customer rang\"")).Should().Be(Accepted);
        await Shop.EndsAsync(saga.Id, "compensated");

        var reason = (await Shop.Client.SagaAsync(saga.Id, default)).Reason!;
        reason.Code.Should().Be("cancelled");
        reason.Text.Should().Contain("the customer rang");
        await Shop.CloseBankAsync(0);
    }

    [Fact]
    public async Task A_copy_under_another_id_ends_at_once_and_says_whose_it_is()
    {
        var saga = await Shop.PlaceAsync(OpenShop.Order("copy-1"), Deadline, TimeSpan.FromSeconds(20));
        var input = (await Sidecar.FindAsync(saga.Id))!.Input;

        (await Sidecar.RunAsync("place-order", "copy-of-it", input)).Should().Be(Accepted);
        await InstanceIsAsync("copy-of-it", "FAILED");

        var copy = await Sidecar.FindAsync("copy-of-it");
        copy!.Shows("saga").Should().Be(saga.Id);
        copy.Failure.Should().Contain(saga.Id);
        (await EffectsAsync(ShopPorts.Payment, saga.Id)).Should().Equal("done", "confirmed");
    }

    [Fact]
    public async Task A_finished_saga_that_is_started_again_at_the_sidecar_ends_at_once_and_does_nothing()
    {
        var saga = await Shop.PlaceAsync(OpenShop.Order("again-1"), Deadline, TimeSpan.FromSeconds(20));
        var input = (await Sidecar.FindAsync(saga.Id))!.Input;

        (await Sidecar.RunAsync("place-order", saga.Id, input)).Should().Be(Accepted);
        await InstanceIsAsync(saga.Id, "COMPLETED");

        (await Shop.Client.SagaAsync(saga.Id, default)).Outcome.Should().Be("completed");
        (await EffectsAsync(ShopPorts.Payment, saga.Id)).Should().Equal("done", "confirmed");
        (await EffectsAsync(ShopPorts.Delivery, saga.Id)).Should().Equal("done");
    }

    [Fact]
    public async Task A_running_instance_is_not_purged_and_a_deleted_saga_takes_its_instance_with_it()
    {
        var saga = await Shop.StartAtTheBankAsync("purge-1", Deadline);

        (await Sidecar.ActAsync(saga.Id, "purge")).Should().Be(500);
        await Sidecar.ActAsync(saga.Id, "terminate");
        await Shop.EndsAsync(saga.Id, "compensated");
        await Shop.CloseBankAsync(0);
        (await Shop.DeleteAsync(saga.Id)).Should().Be(204);

        foreach (var instance in (string[])[saga.Id, $"{saga.Id}-2"])
            await Eventually.BecomesAsync(
                true, OpenShop.Patience, async () => await Sidecar.FindAsync(instance) is null, instance);
    }

    private Task InstanceIsAsync(string instanceId, string status) => Eventually.BecomesAsync(
        status, OpenShop.Patience, async () => (await Sidecar.FindAsync(instanceId))?.Status ?? "missing", instanceId);

    private Task InstanceShowsAsync(string instanceId, string name, string value) => Eventually.BecomesAsync(
        value, OpenShop.Patience, async () => (await Sidecar.FindAsync(instanceId))?.Shows(name) ?? "nothing",
        $"{instanceId} shows {name}");

    private Task PhaseBecomesAsync(string sagaId, string phase) => Eventually.BecomesAsync(
        phase, OpenShop.Patience, async () => (await Shop.Client.SagaAsync(sagaId, default)).Phase);

    private async Task<int> ChargesAsync(string sagaId) =>
        (await Shop.HistoryAsync(sagaId)).Count(line => line is "call-sent charge");

    private async Task<List<string>> EffectsAsync(string service, string sagaId) =>
        [.. (await Shop.Client.EffectsAsync(service, sagaId, default)).Select(effect => effect.Name)];
}
