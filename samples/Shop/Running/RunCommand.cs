namespace Shop.Running;

/// <summary>Without a word: starts everything, says where it is, and stays until Ctrl-C.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan DemoDeadline = TimeSpan.FromSeconds(20);

    internal static async Task<int> RunAsync(IEnumerable<string> arguments)
    {
        var line = CommandLine.Read(arguments, ["data", .. ShopPorts.Options]);
        var ports = ShopPorts.Read(line);
        if (ports.DescribeTaken() is { } taken) throw new CommandLineException(taken);
        var data = ShopPlaces.DataFolder(line.Get("data"));
        Directory.CreateDirectory(data);
        using var signals = new StopSignals();
        using var stop = new CancellationTokenSource();
        await using var cluster = new ShopCluster(ports, data, Say);
        try
        {
            var starting = cluster.StartAllAsync(stop.Token);
            if (await Task.WhenAny(starting, signals.Stopped) == starting)
            {
                await starting;
                Welcome(cluster, data);
                var follower = new OrderFollower(cluster);
                await Task.WhenAny(follower.FollowAsync(stop.Token), signals.Stopped);
            }
        }
        finally
        {
            await stop.CancelAsync();
            Console.WriteLine("Stopping all five.");
            await cluster.StopAllAsync();
        }

        return 0;
    }

    private static void Say(string program, string line) => Console.WriteLine($"  [{program}] {line}");

    private static void Welcome(ShopCluster cluster, string data)
    {
        Console.WriteLine();
        Console.WriteLine("The shop is open.");
        foreach (var program in ShopPorts.Programs)
            Console.WriteLine(
                $"  {program,-12} {cluster.AddressOf(program)}  process {cluster[program].Id}");
        Console.WriteLine($"  data         {data}");
        Console.WriteLine();
        Console.WriteLine("Order something:");
        Console.WriteLine(Curl(cluster, "A1"));
        Console.WriteLine();
        Console.WriteLine(
            "Now what this is about. Close the bank for 15 s, want the last SCARCE piece, and kill the orchestrator:");
        Console.WriteLine($"  curl -s -X POST '{cluster.AddressOf(ShopPorts.Payment)}bank/close?seconds=15'");
        Console.WriteLine(Curl(cluster, "SCARCE"));
        var undoneAt = TimeProvider.System.GetLocalNow() + DemoDeadline;
        Console.WriteLine(
            $"  kill -9 {cluster[ShopPorts.Orchestrator].Id} now and watch /stock/SCARCE at {undoneAt:HH:mm:ss}");
        Console.WriteLine($"  curl -s {cluster.AddressOf(ShopPorts.Inventory)}stock/SCARCE");
        Console.WriteLine(
            "(That is when an order placed this second expires. Each order's own time is printed as it comes.)");
        Console.WriteLine();
        Console.WriteLine("Ctrl-C stops all five.");
    }

    private static string Curl(ShopCluster cluster, string sku)
    {
        var id = $"o-{Guid.NewGuid():N}"[..10];
        return $$"""
              curl -s -X POST '{{cluster.AddressOf(ShopPorts.Orchestrator)}}sagas/place-order?deadline=20s' \
                -H 'Prefer: wait=25' -H 'Content-Type: application/json' \
                -d '{"orderId":"{{id}}","customer":"alice","sku":"{{sku}}","quantity":1,"amount":250}'
            """;
    }
}
