using System.Runtime.InteropServices;

namespace Shop.Running;

/// <summary>
/// <c>orchestrator --urls http://127.0.0.1:5080 --data DIR ...</c>: the orchestrator alone, as its own program.
/// </summary>
internal static class OrchestratorCommand
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(12);

    internal static async Task<int> RunAsync(IEnumerable<string> arguments)
    {
        var line = CommandLine.Read(arguments, ["urls", "data"], keepRest: true);
        var data = ShopPlaces.DataFolder(line.Get("data"));
        var all = Arguments(
            line.Get("urls") ?? ShopPorts.Default.UrlOf(ShopPorts.Orchestrator),
            data,
            DefinitionFolder.Existing(data),
            line.Rest);
        await using var child = ChildProcess.Start(
            ShopPorts.Orchestrator, ShopPlaces.ServiceProgram, all, Console.Out.WriteLine);
        await Console.Out.WriteLineAsync($"The orchestrator is process {child.Id}.");
        using var signals = new StopSignals();
        await Task.WhenAny(child.Ended, signals.Stopped);
        await child.StopAsync(StopWithin);
        return await child.Ended;
    }

    /// <summary>The service's own arguments; what the caller adds comes last and wins.</summary>
    internal static IEnumerable<string> Arguments(
        string urls, string data, string definitions, IEnumerable<string> rest) =>
    [
        "--urls", urls,
        $"--Orchestrator:Data={Path.Combine(data, "orchestrator")}",
        $"--Orchestrator:Definitions={definitions}",
        .. rest,
    ];
}

/// <summary>Turns Ctrl-C and SIGTERM into a task, so that children are ended before this process is.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> registrations;

    internal StopSignals() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop),
    ];

    internal Task Stopped => stopped.Task;

    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        stopped.TrySetResult();
    }
}
