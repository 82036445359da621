using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests;

public sealed class FullDiskTests
{
    private const int Megabytes = 16;

    // What the disk still has room for in already written pages is used up first.
    private const int MostOrders = 2000;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task On_a_full_disk_starts_are_turned_away_and_no_saga_is_lost()
    {
        await using var shop = new OpenShop();
        await using var disk = await SmallDisk.MountAsync(shop.OrchestratorData, Megabytes);
        await using var running = new Stopping(shop);
        await shop.StartAllAsync();
        await shop.CloseBankAsync(120);
        var waiting = await shop.PlaceAsync(OpenShop.Order("disk-waiting"), Deadline);
        await shop.StepBecomesAsync(waiting.Id, "reserve-stock", "done");

        disk.Fill();
        var (turnedAway, accepted) = await OrderUntilTurnedAwayAsync(shop);

        turnedAway.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        turnedAway.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await shop.WhyNotReadyAsync()).Should().MatchRegex("(?i)full|space");
        shop.Orchestrator.Ended.IsCompleted.Should().BeFalse("it waits for space");

        disk.Free();
        await shop.CloseBankAsync(0);
        await Eventually.BecomesAsync("", OpenShop.Patience, shop.WhyNotReadyAsync);
        await shop.EndsAsync(waiting.Id, "completed");
        foreach (var saga in accepted) await HasEndedAsync(shop, saga);
        (await CountOfKeyAsync(shop, $"disk-{accepted.Count}")).Should().Be(0, "what was turned away was not started");
        var after = await shop.PlaceAsync(OpenShop.Order("disk-after"), Deadline, TimeSpan.FromSeconds(20));
        after.Outcome.Should().Be("completed");
    }

    private static async Task<(HttpResponseMessage TurnedAway, List<string> Accepted)> OrderUntilTurnedAwayAsync(
        OpenShop shop)
    {
        List<string> accepted = [];
        for (var number = 0; number < MostOrders; number++)
        {
            var answer = await shop.Client.SendAsync(
                OpenShop.Order($"disk-{number}"), new PlaceOptions(Deadline), CancellationToken.None);
            if (answer.StatusCode != HttpStatusCode.Accepted) return (answer, accepted);
            accepted.Add(answer.Headers.Location!.ToString().Split('/')[^1]);
            answer.Dispose();
        }

        throw new InvalidOperationException($"{MostOrders} sagas were accepted on a full disk.");
    }

    private static async Task<int> CountOfKeyAsync(OpenShop shop, string key)
    {
        using var http = new HttpClient();
        var page = await http.GetFromJsonAsync<JsonElement>(
            new Uri(shop.Cluster.AddressOf(ShopPorts.Orchestrator), $"/sagas?key={key}"));
        return page.GetProperty("items").GetArrayLength();
    }

    private static Task HasEndedAsync(OpenShop shop, string sagaId) => Eventually.BecomesAsync(
        true, OpenShop.Patience,
        async () => (await shop.Client.SagaAsync(sagaId, CancellationToken.None)).Outcome is not null);

    // The disk can be taken away only after the programs that write on it.
    private sealed class Stopping(OpenShop shop) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await shop.Cluster.DisposeAsync();
    }
}
