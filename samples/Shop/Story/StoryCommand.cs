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
        var sidecar = SidecarPorts.Read(CommandLine.Read(arguments, SidecarPorts.Options));
        var teller = new Storyteller(Console.Out);
        var words = new ConcurrentQueue<string>();
        var folder = Directory.CreateTempSubdirectory("shop-story-").FullName;
        using var signals = new StopSignals();
        using var stop = new CancellationTokenSource(LongestStory);
        _ = signals.Stopped.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        var isWhole = false;
        try
        {
            await PlayAllAsync(folder, sidecar, teller, words, stop.Token);
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
        string folder, SidecarPorts? sidecar, Storyteller teller, ConcurrentQueue<string> words,
        CancellationToken cancel)
    {
        teller.Say("Five programs are started: an orchestrator and four services, each with a database of its own.");
        if (sidecar is not null)
            teller.Say($"The sagas run on Dapr Workflow; its sidecar listens on {sidecar.Grpc} and {sidecar.Http}.");
        await using var cluster = new ShopCluster(
            ShopPorts.Free(), folder, (program, line) => words.Enqueue($"[{program}] {line}"))
        {
            Sidecar = sidecar,
        };
        await using var toPayment = new NetworkLine(cluster.AddressOf(ShopPorts.Payment));
        await using var toInventory = new NetworkLine(cluster.AddressOf(ShopPorts.Inventory));
        var lines = new Dictionary<string, NetworkLine>(StringComparer.Ordinal)
        {
            [ShopPorts.Payment] = toPayment,
            [ShopPorts.Inventory] = toInventory,
        };
        foreach (var (service, line) in lines) cluster.PutLine(service, line.Address);
        await cluster.StartAllAsync(cancel);
        using var stage = new Stage(cluster, lines, words, teller, cancel);
        foreach (var scene in Scenes)
        {
            var started = Stopwatch.GetTimestamp();
            teller.Title(scene.Title);
            await scene.PlayAsync(stage);
            teller.Say($"  ({Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)");
        }

        await cluster.StopAllAsync();
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
        Console.WriteLine($"{teller.Wrong.Count} of {teller.Checks} checks are wrong:");
        foreach (var wrong in teller.Wrong) Console.WriteLine($"  {wrong}");
        return 1;
    }
}
