using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.SystemTests.Harness;

namespace Orchestrator.SystemTests.Dapr;

/// <summary>
/// Dapr's own client for Node.js, installed once from its registry into a folder that goes with the tests.
/// </summary>
public sealed class InstalledDaprClient : IAsyncLifetime, IDisposable
{
    private const string Package = "@dapr/dapr@3.18.0";
    private readonly TempFolder folder = new();

    internal string Script => Path.Combine(folder.Path, "client.js");

    public async Task InitializeAsync()
    {
        var (code, words) = await Programs.RunAsync(
            "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder.Path, Package);
        code.Should().Be(0, $"npm has to be there and to reach its registry for {Package}: {words}");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Dapr", "client.js"), Script);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();
}

/// <summary>One running client: a command in, its answer out.</summary>
internal sealed class DaprClient : IAsyncDisposable
{
    private const string AnswerMark = "> ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process process;

    internal DaprClient(string script, int grpcPort)
    {
        var start = new ProcessStartInfo("node", [script, grpcPort.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start) ?? throw new InvalidOperationException("node could not be started.");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <summary>What the client gave back; fails when it threw.</summary>
    internal async Task<JsonNode?> DoAsync(JsonObject command)
    {
        var answer = await AnswerAsync(command);
        answer["error"].Should().BeNull("of {0}", command.ToJsonString());
        return answer["ok"];
    }

    /// <summary>What the client complained of.</summary>
    internal async Task<string> FailAsync(JsonObject command) =>
        (await AnswerAsync(command))["error"]?.GetValue<string>() ?? $"{command.ToJsonString()} went well.";

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task<JsonNode> AnswerAsync(JsonObject command)
    {
        await process.StandardInput.WriteLineAsync(command.ToJsonString());
        await process.StandardInput.FlushAsync();
        while (true)
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience, TimeProvider.System)
                ?? throw new InvalidOperationException("The client has ended.");
            // Its own log comes on the same way.
            if (line.StartsWith(AnswerMark, StringComparison.Ordinal))
                return JsonNode.Parse(line[AnswerMark.Length..])!;
        }
    }
}
