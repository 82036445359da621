using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>
/// Kills programs at random points and starts them again, or freezes them for a while. Often it has the bank closed
/// first, so that many sagas are under way when it strikes.
/// </summary>
internal sealed class Killer(OpenShop shop, ChaosPlan plan)
{
    private readonly Random random = new(~plan.Seed);
    private readonly Queue<string> next = new();

    /// <summary>Who was killed how often.</summary>
    internal Dictionary<string, int> Kills { get; } = ShopPorts.Programs.ToDictionary(name => name, _ => 0);

    /// <summary>How often somebody was frozen.</summary>
    internal int Freezes { get; private set; }

    internal async Task KillAllAsync()
    {
        while (Kills.Values.Sum() < ChaosPlan.Kills)
        {
            if (random.Next(2) == 0) await shop.CloseBankAsync(random.Next(1, 5));
            await Pause.OfAsync(random.Next(100, 1200));
            if (random.Next(6) == 0)
                await FreezeAsync(Victim());
            else if (random.Next(4) == 0)
                await KillAsync(Victim(), Victim());
            else
                await KillAsync(Victim());
        }
    }

    private async Task KillAsync(params IEnumerable<string> victims)
    {
        var all = victims.Distinct().ToList();
        foreach (var victim in all)
        {
            Kills[victim]++;
            await shop.Cluster[victim].KillAsync();
        }

        await Pause.OfAsync(random.Next(0, 1000));
        foreach (var victim in all) shop.Cluster.Launch(victim);
        foreach (var victim in all) await shop.Cluster.WaitUntilReadyAsync(victim, CancellationToken.None);
    }

    // Long enough for a call to time out and for an answer to come when nobody waits for it any more.
    private async Task FreezeAsync(string victim)
    {
        Freezes++;
        shop.Cluster[victim].Freeze();
        await Pause.OfAsync(random.Next(1000, 4000));
        shop.Cluster[victim].Thaw();
    }

    // Everybody gets a turn, the orchestrator two.
    private string Victim()
    {
        if (next.Count == 0)
        {
            string[] all = [ShopPorts.Orchestrator, .. ShopPorts.Programs];
            random.Shuffle(all);
            foreach (var name in all) next.Enqueue(name);
        }

        return next.Dequeue();
    }
}
