using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>
/// Everything that can happen, dealt from a shuffled deck so that each kind comes again and again, in an order that the
/// seed decides. Often the bank is closed first, so that many sagas are under way when it strikes.
/// </summary>
internal sealed class Fate
{
    private static readonly string[] Mischief =
        ["SaveFails", "CutMidFrame", "Garbage", "RepeatActivity", "Stranger", "Unavailable", "LoseReply"];

    private readonly ChaosWorld world;
    private readonly ChaosPlan plan;
    private readonly Disturbances troubles;
    private readonly TimeProvider clock;
    private readonly Random random;
    private readonly Queue<string> victims = new();
    private readonly Queue<Func<Task>> deck = new();
    private readonly List<Task> lasting = [];
    private int decks;

    internal Fate(ChaosWorld world, ChaosPlan plan, Disturbances troubles, TimeProvider clock)
    {
        this.world = world;
        this.plan = plan;
        this.troubles = troubles;
        this.clock = clock;
        random = new Random(~plan.Seed);
        Kills = world.Shop.Names.ToDictionary(name => name, _ => 0, StringComparer.Ordinal);
    }

    /// <summary>Who was killed how often.</summary>
    internal Dictionary<string, int> Kills { get; }

    private OpenShop Shop => world.Shop;

    /// <summary>Strikes until it is enough, and then lets everything heal.</summary>
    internal async Task StrikeAsync()
    {
        var startedAt = clock.GetTimestamp();
        Shuffle();
        while (deck.Count > 0 && (decks == 1 || !IsEnough(startedAt)))
        {
            await StrikeOnceAsync();
            if (deck.Count == 0 && !IsEnough(startedAt)) Shuffle();
        }

        await Task.WhenAll(lasting);
    }

    // By time where one is given, else by kills; but always a whole deck, so that nothing is left out.
    private bool IsEnough(long startedAt) => plan.Time is { } time
        ? clock.GetElapsedTime(startedAt) >= time : Kills.Values.Sum() >= plan.Kills;

    private async Task StrikeOnceAsync()
    {
        if (random.Next(2) == 0) await CloseBankAsync();
        await Pause.OfAsync(random.Next(100, plan.IsFull ? 700 : 1200));
        await deck.Dequeue()();
    }

    private void Shuffle()
    {
        decks++;
        List<Func<Task>> acts =
        [
            () => KillAsync(Victim()), () => KillAsync(Victim()), () => KillAsync(Victim(), Victim()),
            () => FreezeAsync(Victim(), 4000), () => CutAsync(Service()),
        ];
        if (Shop.HasSidecar) acts.AddRange([ConfuseAsync, ConfuseAsync]);
        if (plan.IsFull)
            acts.AddRange(
            [
                () => KillAsync(Victim()), () => CutAsync(Service()), () => SlowAsync(Service()),
                () => LoseAnswersAsync(Service()), () => FreezeAsync(ShopPorts.Orchestrator, 15_000),
                () => MoveClockAsync(Service(), 3600), () => MoveClockAsync(Service(), 20),
                () => MoveClockAsync(ShopPorts.Orchestrator, 20), () => FillDiskAsync(0), () => FillDiskAsync(1),
                () => StallDiskAsync(0), () => StallDiskAsync(1),
            ]);
        var all = acts.ToArray();
        random.Shuffle(all);
        foreach (var act in all) deck.Enqueue(act);
    }

    private async Task CloseBankAsync()
    {
        try
        {
            await Shop.CloseBankAsync(random.Next(1, 5));
        }
        catch (HttpRequestException)
        {
            // The bank cannot be reached just now; sagas are under way all the same.
        }
    }

    private Task KillAsync(params IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToList();
        var pause = random.Next(0, 1000);
        return troubles.DuringAsync("killed", all, async () =>
        {
            foreach (var victim in all)
            {
                Kills[victim]++;
                var process = Shop.ProcessOf(victim);
                // Started again it would look as if it had never failed.
                if (process.Ended.IsCompleted)
                    throw new InvalidOperationException(
                        $"{process} ended by itself with code {await process.Ended} before it was killed.");
                await process.KillAsync();
            }

            await Pause.OfAsync(pause);
            foreach (var victim in all) Shop.Launch(victim);
            foreach (var victim in all) await Shop.WaitUntilReadyAsync(victim);
        });
    }

    // Long enough for a call to time out, or for deadlines to pass: it comes back and believes that it is in charge.
    private Task FreezeAsync(string victim, int most)
    {
        var pause = random.Next(1000, most);
        return troubles.DuringAsync("frozen", [victim], async () =>
        {
            var process = Shop.ProcessOf(victim);
            process.Freeze();
            await Pause.OfAsync(pause);
            process.Thaw();
        });
    }

    private Task CutAsync(string service) => OnLineAsync("cut off", service, () => world.Lines[service].Cut());

    private Task SlowAsync(string service)
    {
        var delay = TimeSpan.FromMilliseconds(random.Next(50, 1500));
        return OnLineAsync("far away", service, () => world.Lines[service].Delay(delay));
    }

    private Task LoseAnswersAsync(string service) =>
        OnLineAsync("unheard", service, () => world.Lines[service].LoseAnswers());

    // A line does not hold up what comes next; its own clock is what the participant has left.
    private Task OnLineAsync(string kind, string service, Action act)
    {
        var pause = random.Next(500, 6000);
        lasting.Add(troubles.DuringAsync(kind, [], async () =>
        {
            act();
            await Pause.OfAsync(pause);
            world.Lines[service].Mend();
        }, service));
        return Task.CompletedTask;
    }

    private Task MoveClockAsync(string program, int mostSeconds)
    {
        var ahead = TimeSpan.FromSeconds(random.Next(-mostSeconds, mostSeconds));
        var pause = random.Next(2000, 9000);
        lasting.Add(troubles.DuringAsync("clock moved", [program], async () =>
        {
            world.Clocks!.Set(program, ahead);
            await Pause.OfAsync(pause);
            world.Clocks.Set(program, TimeSpan.Zero);
        }, $"{program} by {ahead.TotalSeconds:0} s", ahead));
        return Task.CompletedTask;
    }

    private Task FillDiskAsync(int which)
    {
        var (owner, disk) = world.Disks[which];
        var pause = random.Next(500, 3000);
        return troubles.DuringAsync("disk full", ShopPorts.Programs, async () =>
        {
            disk.Fill();
            await Pause.OfAsync(pause);
            disk.Free();
        }, owner);
    }

    private Task StallDiskAsync(int which)
    {
        var (owner, disk) = world.Disks[which];
        var times = random.Next(3, 10);
        // Both lie on one disk of the machine, so nobody's lateness counts meanwhile.
        return troubles.DuringAsync("disk slow", ShopPorts.Programs, () => disk.StallAsync(
            times, TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(100)), owner);
    }

    private Task ConfuseAsync() => troubles.DuringAsync("sidecar confused", [], async () =>
    {
        foreach (var kind in Mischief)
        {
            if (random.Next(2) == 0) await Shop.Sidecar.FaultAsync(kind, random.Next(1, 6));
        }
    });

    private string Service() => ShopPorts.Services[random.Next(ShopPorts.Services.Count)];

    // Everybody gets a turn, those who run the sagas two.
    private string Victim()
    {
        if (victims.Count == 0)
        {
            List<string> names = [ShopPorts.Orchestrator, .. Shop.Names];
            if (Shop.HasSidecar) names.Add(OpenShop.SidecarName);
            string[] all = [.. names];
            random.Shuffle(all);
            foreach (var name in all) victims.Enqueue(name);
        }

        return victims.Dequeue();
    }
}
