using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>
/// Kills programs at random points and starts them again, or freezes them for a while. Often it has the bank closed
/// first, so that many sagas are under way when it strikes. A sidecar is also told to go wrong in between: a turn that
/// is not saved, a stream that breaks in the middle of an item, an answer that is lost.
/// </summary>
internal sealed class Killer(OpenShop shop, ChaosPlan plan)
{
    private static readonly string[] Mischief =
        ["SaveFails", "CutMidFrame", "Garbage", "RepeatActivity", "Stranger", "Unavailable", "LoseReply"];

    private readonly Random random = new(~plan.Seed);
    private readonly Queue<string> next = new();

    /// <summary>Who was killed how often.</summary>
    internal Dictionary<string, int> Kills { get; } = shop.Names.ToDictionary(name => name, _ => 0);

    /// <summary>How often somebody was frozen.</summary>
    internal int Freezes { get; private set; }

    /// <summary>How often the sidecar was told to go wrong.</summary>
    internal int Faults { get; private set; }

    internal async Task KillAllAsync()
    {
        while (Kills.Values.Sum() < plan.Kills)
        {
            if (random.Next(2) == 0) await shop.CloseBankAsync(random.Next(1, 5));
            if (shop.HasSidecar) await ConfuseAsync();
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
            await shop.ProcessOf(victim).KillAsync();
        }

        await Pause.OfAsync(random.Next(0, 1000));
        foreach (var victim in all) shop.Launch(victim);
        foreach (var victim in all) await shop.WaitUntilReadyAsync(victim);
    }

    // Long enough for a call to time out and for an answer to come when nobody waits for it any more.
    private async Task FreezeAsync(string victim)
    {
        Freezes++;
        shop.ProcessOf(victim).Freeze();
        await Pause.OfAsync(random.Next(1000, 4000));
        shop.ProcessOf(victim).Thaw();
    }

    private async Task ConfuseAsync()
    {
        foreach (var kind in Mischief)
        {
            if (random.Next(2) == 0) continue;
            Faults++;
            await shop.Sidecar.FaultAsync(kind, random.Next(1, 6));
        }
    }

    // Everybody gets a turn, those who run the sagas two.
    private string Victim()
    {
        if (next.Count == 0)
        {
            List<string> names = [ShopPorts.Orchestrator, .. shop.Names];
            if (shop.HasSidecar) names.Add(OpenShop.SidecarName);
            string[] all = [.. names];
            random.Shuffle(all);
            foreach (var name in all) next.Enqueue(name);
        }

        return next.Dequeue();
    }
}
