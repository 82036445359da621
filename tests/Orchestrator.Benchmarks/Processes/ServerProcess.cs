using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orchestrator.Benchmarks.Processes;

/// <summary>A server in a process of its own on a free port of this machine. Disposing ends it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Announcement = "Now listening on: ";

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ConcurrentQueue<string> lastLines = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string name, IEnumerable<string> arguments)
    {
        process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => listening.TrySetException(
            new InvalidOperationException($"{name} ended. {string.Join(Environment.NewLine, lastLines)}"));
    }

    public Uri Url { get; private set; } = null!;

    public int Id => process.Id;

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The orchestrator service, built beside this program, with its data in a folder.</summary>
    public static Task<ServerProcess> StartServiceAsync(
        string dataFolder, CancellationToken cancel, string? postgres = null, params string[] settings) => StartAsync(
        "The service",
        [BuildOfThis.ServiceAssembly, "--urls", "http://127.0.0.1:0", $"--Orchestrator:Data={dataFolder}", .. settings],
        cancel,
        postgres);

    /// <summary>This program as the participant.</summary>
    public static Task<ServerProcess> StartParticipantAsync(CancellationToken cancel) =>
        StartAsync("The participant", [typeof(ServerProcess).Assembly.Location, "participant"], cancel);

    /// <summary>This program as a participant with the library.</summary>
    public static Task<ServerProcess> StartHolderAsync(string database, string undo, CancellationToken cancel) =>
        StartAsync("The participant", [typeof(ServerProcess).Assembly.Location, "holder", database, undo], cancel);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<ServerProcess> StartAsync(
        string name, string[] arguments, CancellationToken cancel, string? postgres = null)
    {
        var server = new ServerProcess(name, arguments);
        if (postgres is not null)
        {
            server.process.StartInfo.Environment["Orchestrator__Store"] = "postgres";
            server.process.StartInfo.Environment["Orchestrator__ConnectionString"] = postgres;
        }

        server.process.Start();
        try
        {
            server.process.BeginOutputReadLine();
            server.process.BeginErrorReadLine();
            server.Url = await server.listening.Task.WaitAsync(LongestStart, TimeProvider.System, cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lastLines.Enqueue(line);
        if (lastLines.Count > 20) lastLines.TryDequeue(out _);
        var start = line.IndexOf(Announcement, StringComparison.Ordinal);
        if (start >= 0) listening.TrySetResult(new Uri(line[(start + Announcement.Length)..].Trim()));
    }
}
