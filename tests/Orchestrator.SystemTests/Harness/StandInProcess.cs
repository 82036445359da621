using System.Globalization;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests.Harness;

/// <summary>
/// A stand-in sidecar as a process of its own, which keeps its instances in a file and comes back on the same ports.
/// What an operator does with the dapr CLI is done through its HTTP port.
/// </summary>
internal sealed class StandInProcess : IAsyncDisposable
{
    private const string Verbs = "/v1.0/workflows/dapr/";

    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly string dataFile;
    private readonly IReadOnlyDictionary<string, Uri> apps;
    private readonly Action<string> output;

    /// <summary>Names the ports; nothing runs before <see cref="StartAsync" />.</summary>
    internal StandInProcess(string folder, IReadOnlyDictionary<string, Uri> apps, Action<string> output)
    {
        dataFile = Path.Combine(folder, "sidecar.bin");
        this.apps = apps;
        this.output = output;
        Ports = new SidecarPorts(ShopPorts.FreeOne(), ShopPorts.FreeOne());
        client.BaseAddress = new Uri($"http://127.0.0.1:{Ports.Http.ToString(CultureInfo.InvariantCulture)}");
    }

    internal SidecarPorts Ports { get; }

    internal ChildProcess? Process { get; private set; }

    /// <summary>Starts it, also again after it was killed, and waits until it answers.</summary>
    internal async Task StartAsync()
    {
        Launch();
        await WaitUntilReadyAsync();
    }

    /// <summary>Starts it; it is not ready yet.</summary>
    internal void Launch() => Process = ChildProcess.Start(
        "sidecar", Program,
        [
            "--app-id", ShopPorts.Orchestrator,
            "--dapr-grpc-port", Ports.Grpc.ToString(CultureInfo.InvariantCulture),
            "--dapr-http-port", Ports.Http.ToString(CultureInfo.InvariantCulture),
            "--data", dataFile,
            "--apps", string.Join(',', apps.Select(app => $"{app.Key}={app.Value}")),
        ],
        output);

    internal Task WaitUntilReadyAsync() => Eventually.BecomesAsync(
        true, OpenShop.Patience,
        async () =>
        {
            using var answer = await client.GetAsync("/v1.0/healthz");
            return answer.IsSuccessStatusCode;
        });

    /// <summary>
    /// <c>terminate</c>, <c>pause</c>, <c>resume</c>, <c>purge</c> or <c>raiseEvent/NAME</c>; gives the status.
    /// </summary>
    internal async Task<int> ActAsync(string instanceId, string verb, string? body = null)
    {
        using var content = body is null ? null : new StringContent(body);
        using var answer = await client.PostAsync($"{Verbs}{instanceId}/{verb}", content);
        return (int)answer.StatusCode;
    }

    /// <summary>Starts an instance as <c>dapr workflow run</c> does.</summary>
    internal async Task<int> RunAsync(string name, string instanceId, string? input)
    {
        using var content = input is null ? null : new StringContent(input);
        using var answer = await client.PostAsync($"{Verbs}{name}/start?instanceID={instanceId}", content);
        return (int)answer.StatusCode;
    }

    /// <summary>An instance as the sidecar shows it; null when it knows none of that id.</summary>
    internal async Task<InstanceRead?> FindAsync(string instanceId)
    {
        using var answer = await client.GetAsync(Verbs + instanceId);
        if (answer.StatusCode == System.Net.HttpStatusCode.NotFound) return null;
        answer.EnsureSuccessStatusCode();
        return new InstanceRead(await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Has it do something wrong the next so many times.</summary>
    internal async Task FaultAsync(string kind, int times = 1)
    {
        using var answer = await client.PostAsync($"/stand-in/faults/{kind}?times={times}", null);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (Process is not null) await Process.DisposeAsync();
        client.Dispose();
    }

    private static string Program => typeof(StandInProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "StandInProgram").Value!;
}

/// <summary>What a sidecar's HTTP port tells of an instance.</summary>
internal sealed record InstanceRead(JsonElement Json)
{
    internal string Name => Json.GetProperty("workflowName").GetString()!;

    /// <summary><c>RUNNING</c>, <c>TERMINATED</c> and so on.</summary>
    internal string Status => Json.GetProperty("runtimeStatus").GetString()!;

    internal string? Input => Property("dapr.workflow.input");

    internal string? Failure => Property("dapr.workflow.failure.error_message");

    /// <summary>A field of the custom status, as text; null when it is not there.</summary>
    internal string? Shows(string name)
    {
        if (Property("dapr.workflow.custom_status") is not { } text) return null;
        using var shown = JsonDocument.Parse(text);
        return shown.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
    }

    private string? Property(string name) =>
        Json.GetProperty("properties").TryGetProperty(name, out var value) ? value.GetString() : null;
}
