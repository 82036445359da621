using System.Collections.Concurrent;
using Orchestrator.SystemTests.Harness;
using Shop.Orders;
using Shop.Running;
using Xunit.Abstractions;

namespace Orchestrator.SystemTests.Chaos;

public abstract class ChaosTests(ShopEngine engine, ITestOutputHelper output)
{
    private static readonly TimeSpan HealsWithin = TimeSpan.FromSeconds(60);

    // After full chaos the backoff of undos that a full disk refused comes on top.
    private static readonly TimeSpan HealsWithinAfterAll = TimeSpan.FromSeconds(75);

    [Fact]
    public async Task Whatever_happens_to_the_programs_every_saga_ends_and_the_public_record_keeps_the_promises()
    {
        foreach (var plan in ChaosPlan.FromEnvironment(engine)) await PlayAsync(plan);
    }

    private async Task PlayAsync(ChaosPlan plan)
    {
        output.WriteLine($"{plan}");
        await using var world = await ChaosWorld.OpenAsync(plan);
        var shop = world.Shop;
        var customers = new Customers(shop, plan);
        var troubles = new Disturbances(TimeProvider.System);
        var fate = new Fate(world, plan, troubles, TimeProvider.System);

        using var failed = new CancellationTokenSource();
        var striking = fate.StrikeAsync();
        var ordering = customers.OrderUntilAsync(striking, failed.Token);
        try
        {
            // With a program that did not come back nobody would ever be served.
            await striking;
            await ordering;
        }
        catch
        {
            await failed.CancelAsync();
            await ((Task)Task.WhenAll(striking, ordering)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            output.WriteLine(Told(shop, troubles));
            throw;
        }

        var ended = await EndedAsync(shop, customers.Accepted, plan.IsFull ? HealsWithinAfterAll : HealsWithin);

        var books = new Books(shop, plan, ended);
        output.WriteLine(
            $"{ended.Count} sagas, {books.Completed} completed, {ended.Count - books.Completed} compensated; "
            + $"{troubles.Summary}; killed: {string.Join(", ", fate.Kills)}; asked again {customers.AskedAgain} times");
        var wrong = await AuditAsync(shop, plan, books, troubles);
        if (wrong.Count > 0) output.WriteLine(Told(shop, troubles));
        wrong.Should().BeEmpty($"of {plan}");
        ended.Should().HaveCountGreaterThanOrEqualTo(plan.Sagas);
        books.Completed.Should().BeInRange(ended.Count / 20, ended.Count - 1, "sagas that all end alike prove little");
    }

    private async Task<List<string>> AuditAsync(OpenShop shop, ChaosPlan plan, Books books, Disturbances troubles)
    {
        var wrong = shop.Names.Where(name => shop.ProcessOf(name).Ended.IsCompleted)
            .Select(name => $"{name} ended by itself.").ToList();
        wrong.AddRange(await books.AuditAsync());
        using var read = new PublicRecord(shop);
        var listed = await read.ListAsync();
        wrong.AddRange(listed.Except(books.Sagas).Select(id => $"Nobody asked for saga {id}."));
        wrong.AddRange(books.Sagas.Except(listed).Select(id => $"Saga {id} is not listed."));
        var sagas = await read.ReadAsync(books.Sagas);
        var checker = new HistoryChecker(troubles);
        foreach (var saga in sagas) wrong.AddRange(checker.Check(saga));
        var late = new LateMessages(shop);
        wrong.AddRange(await late.SendAsync(sagas));
        var before = sagas.SelectMany(saga => saga.Effects.Values).Sum(effects => effects.Count);
        var after = (await read.EffectsAsync()).Sum(effects => effects.Count());
        if (before != after) wrong.Add($"P6: {after - before} effects came with the late messages.");
        output.WriteLine(
            $"{sagas.Sum(saga => saga.History.Count)} events read; {checker.UndosTimed} undos at an expiry timed, the latest "
            + $"after {checker.LatestSeen.TotalMilliseconds:0} ms; {late.Count} late messages");
        return plan.IsFull ? [.. wrong, .. Missing(troubles)] : wrong;
    }

    // The programs' words of the end, where a service that names every command would drown the rest.
    private static string Told(OpenShop shop, Disturbances troubles) => string.Join(
        '\n',
        [
            .. troubles.Timeline, .. shop.Words.Where(line => !line.Contains("SagaDiary", StringComparison.Ordinal))
                .TakeLast(300),
        ]);

    // A run that never did it proves nothing about it.
    private static IEnumerable<string> Missing(Disturbances troubles) =>
        ((string[])["killed", "frozen", "cut off", "far away", "unheard", "clock moved", "disk full", "disk slow"])
        .Where(kind => !troubles.Counts.ContainsKey(kind)).Select(kind => $"Nothing was {kind}: give it more time.");

    private static async Task<IReadOnlyDictionary<OrderData, SagaRead>> EndedAsync(
        OpenShop shop, ConcurrentDictionary<OrderData, SagaRead> accepted, TimeSpan within)
    {
        var ended = new Dictionary<OrderData, SagaRead>();
        var until = TimeProvider.System.GetUtcNow() + within;
        foreach (var (order, saga) in accepted)
        {
            var found = await shop.Client.SagaAsync(saga.Id, CancellationToken.None);
            while (found.Outcome is null && TimeProvider.System.GetUtcNow() < until)
            {
                await Pause.OfAsync(100);
                found = await shop.Client.SagaAsync(saga.Id, CancellationToken.None);
            }

            ended[order] = found;
        }

        return ended;
    }
}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedChaosTests(ITestOutputHelper output) : ChaosTests(ShopEngine.Embedded, output);

/// <summary>On Dapr.</summary>
public sealed class DaprChaosTests(ITestOutputHelper output) : ChaosTests(ShopEngine.Dapr, output);
