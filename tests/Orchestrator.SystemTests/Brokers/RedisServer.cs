using System.Diagnostics;
using System.Globalization;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Brokers;

/// <summary>
/// A Redis of a test's own: on a free port, with a folder of its own in which every message is synced to disk. It can
/// be killed and started again with what it held.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TempFolder folder = new();
    private Process? process;

    internal int Port { get; } = ShopPorts.FreeOne();

    internal async Task StartAsync()
    {
        var start = new ProcessStartInfo("redis-server", [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder.Path,
            "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no",
        ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.BecomesAsync("PONG", Patience, PingAsync);
    }

    /// <summary>Ends it at once, as a broken machine does.</summary>
    internal async Task KillAsync()
    {
        if (process is not { } running) return;
        process = null;
        if (!running.HasExited) running.Kill();
        await running.WaitForExitAsync();
        running.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        folder.Dispose();
    }

    private async Task<string> PingAsync()
    {
        try
        {
            using var connection = await RedisConnection.OpenAsync(Port, default);
            return await connection.SendAsync(default, "PING") as string ?? "nothing";
        }
        catch (RedisException notYet)
        {
            return notYet.Message;
        }
    }
}
