using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Shop.Running;

/// <summary>A program of ours in a process of its own, ended by its own process id and with its parent.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int SignalTerminate = 15;
    private const int SignalStop = 19;
    private const int SignalContinue = 18;

    private readonly Process process;
    private readonly Task reading;

    private ChildProcess(string name, Process process, Action<string> output)
    {
        Name = name;
        this.process = process;
        Id = process.Id;
        reading = Task.WhenAll(
            ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, output));
        Ended = WaitAsync();
    }

    internal string Name { get; }

    internal int Id { get; }

    /// <summary>Its exit code, once it has ended and all it said was read.</summary>
    internal Task<int> Ended { get; }

    internal static ChildProcess Start(
        string name, string program, IEnumerable<string> arguments, Action<string> output,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(ShopPlaces.Dotnet)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["DOTNET_STARTUP_HOOKS"] = ShopPlaces.ShopProgram;
        // An address in the environment of the person who starts us is not meant for five programs at once.
        foreach (var variable in (string[])["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DOTNET_URLS", "URLS"])
            start.Environment.Remove(variable);
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
            start.Environment[variable] = value;
        var started = Process.Start(start) ?? throw new InvalidOperationException($"{name} could not be started.");
        return new ChildProcess(name, started, output);
    }

    /// <summary>SIGKILL: no goodbye of any kind.</summary>
    internal async Task KillAsync()
    {
        if (!Ended.IsCompleted) process.Kill();
        await Ended;
    }

    /// <summary>SIGTERM, and SIGKILL for what has not ended in time. True when it went by itself.</summary>
    internal async Task<bool> StopAsync(TimeSpan patience)
    {
        Signal(SignalTerminate);
        try
        {
            await Ended.WaitAsync(patience, TimeProvider.System);
            return true;
        }
        catch (TimeoutException)
        {
            await KillAsync();
            return false;
        }
    }

    /// <summary>SIGSTOP: the process is there but does nothing, like a machine that hangs.</summary>
    internal void Freeze() => Signal(SignalStop);

    /// <summary>SIGCONT: it goes on.</summary>
    internal void Thaw() => Signal(SignalContinue);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> output)
    {
        while (await reader.ReadLineAsync() is { } line) output(line);
    }

    private void Signal(int signal)
    {
        if (Ended.IsCompleted) return;
        if (OperatingSystem.IsWindows())
            process.Kill();
        else
            _ = Kill(Id, signal);
    }

    private async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync();
        await reading;
        return process.ExitCode;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Id})");

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
