using System.Diagnostics;
using System.Globalization;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Conformance;

/// <summary>The participant in Node as a process of its own, which can be killed and comes back on its port.</summary>
internal sealed class NodeParticipant : IAsyncDisposable
{
    // Its input is a pipe of ours: when the tests end, in whatever way, it ends too.
    private const string Tie = "process.stdin.on('end', () => process.exit(1)).resume();";

    private readonly TempFolder folder = new();
    private readonly int port = ShopPorts.FreeOne();
    private readonly string script;
    private Process? process;

    /// <summary>Takes the sample, or a copy with some text replaced; fails when that text is not in it.</summary>
    internal NodeParticipant(params IEnumerable<(string Old, string New)> replacements)
    {
        var text = File.ReadAllText(Sample("participant.js"));
        foreach (var (old, changed) in replacements)
        {
            text.Split(old).Should().HaveCount(2, $"the sample must contain exactly once: {old}");
            text = text.Replace(old, changed, StringComparison.Ordinal);
        }

        script = Path.Combine(folder.Path, "participant.js");
        File.WriteAllText(script, text);
        File.WriteAllText(Path.Combine(folder.Path, "tie.js"), Tie);
    }

    internal Uri Address => new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");

    internal int Port => port;

    /// <summary>What it asks for; null for nothing.</summary>
    internal string? Token { get; init; }

    internal string Folder => folder.Path;

    /// <summary>A file of the sample.</summary>
    internal static string Sample(string file) => Path.Combine(Repository.Folder, "samples", "node-participant", file);

    internal void Launch()
    {
        var start = new ProcessStartInfo("node")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = folder.Path,
        };
        foreach (var argument in (string[])
            ["-r", "./tie.js", script, "--port", port.ToString(CultureInfo.InvariantCulture), "--data", "courier.jsonl"])
            start.ArgumentList.Add(argument);
        if (Token is not null) start.Environment["SAGA_TOKEN"] = Token;
        process = Process.Start(start)!;
    }

    internal Task WaitUntilReadyAsync() => Eventually.BecomesAsync(
        true, OpenShop.Patience, async () => (await LeftOnAsync("any day")) > 0);

    /// <summary>SIGKILL.</summary>
    internal async Task KillAsync()
    {
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>SIGKILL, and a new process on the same file; not ready yet.</summary>
    internal async Task RestartAsync(CancellationToken cancel)
    {
        await KillAsync();
        cancel.ThrowIfCancellationRequested();
        Launch();
    }

    /// <summary>Places left with the courier.</summary>
    internal async Task<int> LeftOnAsync(string day)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(Address, $"/places/{Uri.EscapeDataString(day)}"));
        using var json = System.Text.Json.JsonDocument.Parse(text);
        return json.RootElement.GetProperty("left").GetInt32();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        folder.Dispose();
    }
}
