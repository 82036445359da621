using System.Collections.Concurrent;
using System.Diagnostics;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests.Harness;

/// <summary>Runs programs to their end.</summary>
internal static class Programs
{
    /// <summary>Runs a program of ours; gives its exit code and all it said.</summary>
    internal static Task<(int Code, string Words)> RunOursAsync(
        string program, params IEnumerable<string> arguments) =>
        RunOursAsync(program, OpenShop.Patience, arguments);

    /// <summary>Runs the shop's program.</summary>
    internal static Task<(int Code, string Words)> RunShopAsync(params IEnumerable<string> arguments) =>
        RunShopAsync(OpenShop.Patience, arguments);

    /// <summary>Runs the shop's program, which must end in time.</summary>
    internal static Task<(int Code, string Words)> RunShopAsync(
        TimeSpan within, params IEnumerable<string> arguments) =>
        RunOursAsync(ShopPlaces.ShopProgram, within, arguments);

    /// <summary>Runs a program of the system; gives its exit code and all it said.</summary>
    internal static async Task<(int Code, string Words)> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var words = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await words + await errors);
    }

    /// <summary>True while a process of this id exists.</summary>
    internal static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task<(int Code, string Words)> RunOursAsync(
        string program, TimeSpan within, IEnumerable<string> arguments)
    {
        var words = new ConcurrentQueue<string>();
        await using var child = ChildProcess.Start("run", program, arguments, words.Enqueue);
        var code = await child.Ended.WaitAsync(within, TimeProvider.System);
        return (code, string.Join('\n', words));
    }
}
