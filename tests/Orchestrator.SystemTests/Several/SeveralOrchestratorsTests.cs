using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestrator.SystemTests.Chaos;
using Orchestrator.SystemTests.Harness;
using Shop.Orders;
using Shop.Running;
using Xunit.Abstractions;

namespace Orchestrator.SystemTests.Several;

/// <summary>Several orchestrators on one PostgreSQL database, as real processes.</summary>
public sealed class SeveralOrchestratorsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task One_is_killed_and_one_is_stopped_under_load_and_every_saga_ends_with_its_effects_once()
    {
        var plan = new ChaosPlan(ShopEngine.Embedded, 4711);
        await using var orchestrators = await Orchestrators.StartAsync();
        var shop = orchestrators.Shop;
        var customers = new Customers(shop, plan);

        var striking = StrikeAsync(orchestrators);
        await Task.WhenAll(striking, customers.OrderUntilAsync(striking, CancellationToken.None));
        var ended = new Dictionary<OrderData, SagaRead>();
        foreach (var (order, saga) in customers.Accepted) ended[order] = await EndAsync(shop, saga.Id);

        var books = new Books(shop, plan, ended);
        output.WriteLine($"{ended.Count} sagas, {books.Completed} completed");
        foreach (var line in orchestrators.Words)
            if (line.Contains("taken over") || line.Contains("go on here"))
                output.WriteLine(line);
        (await books.AuditAsync()).Should().BeEmpty();
        books.Completed.Should().BeGreaterThan(ended.Count / 20);
        orchestrators.Words.Should().Contain(line => line.Contains("go on here"), "sagas were under way when one died");
        orchestrators.Words.Should().Contain(
            line => line.StartsWith("[1]") && line.Contains("has taken over what this one had"),
            "it was stopped for long");
    }

    [Fact]
    public async Task A_verb_and_a_read_may_be_asked_of_any_of_them()
    {
        await using var orchestrators = await Orchestrators.StartAsync();
        var shop = orchestrators.Shop;
        await shop.CloseBankAsync(120);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        for (var i = 0; i < 3; i++)
        {
            var saga = await shop.PlaceAsync(OpenShop.Order($"any-{i}"), Deadline);

            var states = new List<string>();
            var cancelled = 0;
            for (var asked = 0; asked < 3; asked++)
            {
                using var answer = await VerbAsync(http, orchestrators.AddressOf(asked), saga.Id, "cancel");
                if (answer.StatusCode == HttpStatusCode.Accepted) cancelled++;
                else answer.StatusCode.Should().Be(HttpStatusCode.Conflict, "it has ended meanwhile");
                var read = await http.GetFromJsonAsync<JsonElement>(
                    new Uri(orchestrators.AddressOf(asked), $"/sagas/{saga.Id}"));
                states.Add(read.GetProperty("phase").GetString()!);
            }

            cancelled.Should().BePositive();
            states.Should().OnlyContain(phase => phase == "compensating" || phase == "compensated");
            (await EndAsync(shop, saga.Id)).Outcome.Should().Be("compensated");
        }

        // Its owner dies: the verb waits for whoever takes over.
        var orphan = await shop.PlaceAsync(OpenShop.Order("orphan"), Deadline);
        await shop.StepBecomesAsync(orphan.Id, "reserve-stock", "done");
        await orchestrators[0].KillAsync();
        await orchestrators[1].KillAsync();
        using var carried = await VerbAsync(http, orchestrators.AddressOf(2), orphan.Id, "cancel");
        carried.StatusCode.Should().Be(HttpStatusCode.Accepted, await carried.Content.ReadAsStringAsync());
        await Eventually.BecomesAsync(
            "compensated", OpenShop.Patience, async () => (await http.GetFromJsonAsync<JsonElement>(
                new Uri(orchestrators.AddressOf(2), $"/sagas/{orphan.Id}"))).GetProperty("phase").GetString()!);
    }

    /// <summary>Kills one, starts it again, and stops another for longer than its lease.</summary>
    private static async Task StrikeAsync(Orchestrators orchestrators)
    {
        await Pause.OfAsync(1500);
        await orchestrators.Shop.CloseBankAsync(2);
        await Pause.OfAsync(500);
        await orchestrators[0].KillAsync();
        await Pause.OfAsync(2000);
        orchestrators.Launch(0);
        await orchestrators.WaitUntilReadyAsync(0);
        await orchestrators.Shop.CloseBankAsync(2);
        await Pause.OfAsync(500);
        orchestrators[1].Freeze();
        await Pause.OfAsync((int)(Orchestrators.Lease.TotalMilliseconds * 1.5));
        orchestrators[1].Thaw();
        await orchestrators.WaitUntilReadyAsync(1);
    }

    private static async Task<SagaRead> EndAsync(OpenShop shop, string sagaId)
    {
        SagaRead found = null!;
        await Eventually.BecomesAsync(
            true,
            TimeSpan.FromSeconds(60),
            async () => (found = await shop.Client.SagaAsync(sagaId, CancellationToken.None)).Outcome is not null);
        return found;
    }

    private static Task<HttpResponseMessage> VerbAsync(HttpClient http, Uri orchestrator, string sagaId, string verb)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(orchestrator, $"/sagas/{sagaId}/{verb}"));
        request.Headers.Add("X-Actor", "test");
        return http.SendAsync(request);
    }
}
