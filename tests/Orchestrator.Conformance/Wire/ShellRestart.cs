using System.Diagnostics;
using Orchestrator.Conformance.Checking;

namespace Orchestrator.Conformance.Wire;

/// <summary>Runs the person's command that kills the participant and starts it again.</summary>
internal static class ShellRestart
{
    internal static async Task RunAsync(string command, CancellationToken cancel)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd", ["/c", command]) : new ProcessStartInfo("/bin/sh", ["-c", command]);
        start.UseShellExecute = false;
        using var process = Process.Start(start) ?? throw new BrokenException($"{command} could not be run.");
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new BrokenException($"The restart command ended with {process.ExitCode}: {command}");
    }
}
