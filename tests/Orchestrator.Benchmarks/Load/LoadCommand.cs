using System.Runtime.InteropServices;
using System.Text.Json;
using Orchestrator.Benchmarks.Processes;

namespace Orchestrator.Benchmarks.Load;

/// <summary>
/// The command <c>load</c> and what all commands share: reads the options, runs, prints. Ctrl-C ends it and everything
/// it started.
/// </summary>
internal static class LoadCommand
{
    private const int Wrong = 1;

    private const int Misused = 2;

    /// <summary>S3+confirm and the ceiling.</summary>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, SagasAsync);

    /// <summary>The ceiling alone.</summary>
    public static Task<int> RunCeilingAsync(string[] args) => RunAsync(args, CeilingAsync);

    /// <summary>Runs anything else that takes the same options.</summary>
    public static async Task<int> RunAsync(string[] args, Func<LoadOptions, CancellationToken, Task<int>> run)
    {
        if (args is ["--help" or "-h", ..]) return Usage.Print(Console.Out, 0);
        try
        {
            var options = LoadOptions.Read(args);
            return await RunAsync(cancel => run(options, cancel));
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Misused;
        }
    }

    /// <summary>Runs it until it ends or is told to; 1 with a sentence when it could not go on.</summary>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> run)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await run(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return Wrong;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Wrong;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> SagasAsync(LoadOptions options, CancellationToken cancel)
    {
        var report = await new LoadRun(options, Console.Out).RunAsync(cancel);
        Console.Out.Write(report.ToText());
        if (options.JsonFile is { } file)
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report, ReportJson.Default.LoadReport), cancel);
        return report.IsClean ? 0 : Wrong;
    }

    private static async Task<int> CeilingAsync(LoadOptions options, CancellationToken cancel)
    {
        await using var participant = await ServerProcess.StartParticipantAsync(cancel);
        Console.WriteLine((await Ceiling.MeasureAsync(options, participant, cancel)).ToText());
        return 0;
    }
}
