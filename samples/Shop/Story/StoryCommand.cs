using System.Collections.Concurrent;
using System.Diagnostics;
using Shop.Running;

namespace Shop.Story;

/// <summary>
/// <c>story</c>: plays five scenes with real processes on free ports and a folder of its own, and cleans up.
/// </summary>
internal static class StoryCommand
{
    private const int WordsShown = 40;

    private static readonly TimeSpan LongestStory = TimeSpan.FromMinutes(4);

    private static readonly IScene[] Scenes =
        [new OrderSucceeds(), new LastPiece(), new OrchestratorDies(), new CutDuringConfirm(), new PaidButSoldOut()];

    internal static async Task<int> RunAsync(IEnumerable<string> arguments)
    {
        var line = CommandLine.Read(arguments, ["ports", .. SidecarPorts.Options]);
        var sidecar = SidecarPorts.Read(line);
        var ports = PortsOf(line, sidecar);
        var teller = new Storyteller(Console.Out);
        var words = new ConcurrentQueue<string>();
        var folder = Directory.CreateTempSubdirectory("shop-story-").FullName;
        using var signals = new StopSignals();
        using var stop = new CancellationTokenSource(LongestStory);
        _ = signals.Stopped.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        var isWhole = false;
        try
        {
            await PlayAllAsync(folder, ports, sidecar, teller, words, stop.Token);
            isWhole = true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            teller.Say("The story was stopped before its end.");
        }
        catch (Exception broken)
            when (broken is HttpRequestException or InvalidOperationException or CommandLineException)
        {
            teller.Say($"The story broke off: {broken.Message}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return Conclude(teller, words, isWhole);
    }

    private static async Task PlayAllAsync(
        string folder, ShopPorts ports, SidecarPorts? sidecar, Storyteller teller, ConcurrentQueue<string> words,
        CancellationToken cancel)
    {
        teller.Say("Five programs are started: an orchestrator and four services, each with a database of its own.");
        if (sidecar is not null)
            teller.Say($"The sagas run on Dapr Workflow; its sidecar listens on {sidecar.Grpc} and {sidecar.Http}.");
        await using var network = StoryNetwork.Lay(ports, sidecar);
        if (network.HasBroker)
            teller.Say(
                "Each service has a sidecar too: it is called under its app id, and in the end over the broker.");
        await using var cluster = new ShopCluster(
            network.Ports, folder, (program, line) => words.Enqueue($"[{program}] {line}"))
        {
            Sidecar = sidecar,
        };
        network.PutInto(cluster);
        await cluster.StartAllAsync(cancel);
        using var stage = new Stage(cluster, network, words, teller, cancel);
        foreach (var scene in Scenes)
        {
            var started = Stopwatch.GetTimestamp();
            teller.Title(scene.Title);
            await scene.PlayAsync(stage);
            teller.Say($"  ({Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)");
        }

        await cluster.StopAllAsync();
    }

    private static ShopPorts PortsOf(CommandLine line, SidecarPorts? sidecar)
    {
        if (line.Get("ports") is null)
            return sidecar is not { Services.Count: > 0 }
                ? ShopPorts.Free()
                : throw new CommandLineException(
                    "--sidecars needs --ports beside it, the ports that the five sidecars call, of "
                    + $"{string.Join(", ", ShopPorts.Programs)}: --ports 5080,5101,5102,5103,5104.");
        var ports = ShopPorts.Read(line);
        return ports.DescribeTaken() is { } taken ? throw new CommandLineException(taken) : ports;
    }

    private static int Conclude(Storyteller teller, ConcurrentQueue<string> words, bool isWhole)
    {
        Console.WriteLine();
        if (isWhole && teller.Wrong.Count == 0)
        {
            Console.WriteLine(
                $"All {teller.Checks} checks are right: every balance, every piece and every state. Nothing is left "
                + "running.");
            return 0;
        }

        Console.WriteLine("The last words of the programs:");
        foreach (var line in words.TakeLast(WordsShown)) Console.WriteLine($"  {line}");
        Console.WriteLine();
        var verb = teller.Wrong.Count == 1 ? "is" : "are";
        Console.WriteLine($"{teller.Wrong.Count} of {teller.Checks} checks {verb} wrong:");
        foreach (var wrong in teller.Wrong) Console.WriteLine($"  {wrong}");
        return 1;
    }
}
