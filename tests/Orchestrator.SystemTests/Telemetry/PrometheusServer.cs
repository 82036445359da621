using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Telemetry;

/// <summary>
/// A real Prometheus of a test's own, on a free port with a folder of its own. It reads one orchestrator's figures
/// twice a second and judges the alert rules as often.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly ConcurrentQueue<string> words = new();
    private readonly HttpClient client = new();
    private Process? process;

    internal PrometheusServer() => client.BaseAddress = new Uri(
        string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ShopPorts.FreeOne()}"));

    internal async Task StartAsync(Uri orchestrator, string rules)
    {
        var config = Path.Combine(folder.Path, "prometheus.yml");
        await File.WriteAllTextAsync(
            config,
            $$"""
            global: { scrape_interval: 500ms, evaluation_interval: 500ms }
            rule_files: ["{{rules}}"]
            scrape_configs:
              - job_name: orchestrator
                static_configs: [{ targets: ["{{orchestrator.Authority}}"] }]
            """);
        var start = new ProcessStartInfo(PrometheusPrograms.Server, [
            $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(folder.Path, "data")}",
            $"--web.listen-address={client.BaseAddress!.Authority}", "--log.level=warn",
        ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => words.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => words.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.BecomesAsync(true, OpenShop.Patience, async () =>
        {
            process.HasExited.Should().BeFalse(string.Join('\n', words));
            using var answer = await client.GetAsync("/-/ready");
            return answer.IsSuccessStatusCode;
        });
    }

    /// <summary>What its API answers; anything but a success is an exception with its words.</summary>
    internal async Task<JsonElement> AskAsync(string path)
    {
        using var answer = await client.GetAsync(path);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
    }

    /// <summary>The values of an expression now; what is no number is left out.</summary>
    internal async Task<IReadOnlyList<double>> QueryAsync(string expression)
    {
        var data = await AskAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        return
        [
            .. data.GetProperty("result").EnumerateArray()
                .Select(series => double.Parse(
                    series.GetProperty("value")[1].GetString()!.Replace("Inf", "Infinity", StringComparison.Ordinal),
                    CultureInfo.InvariantCulture))
                .Where(double.IsFinite),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        client.Dispose();
        folder.Dispose();
    }
}

/// <summary>The programs of the package prometheus.</summary>
internal static class PrometheusPrograms
{
    internal static string Server => Find("prometheus");

    internal static string Tool => Find("promtool");

    private static string Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            $"The tests of the dashboard and the alert rules need the program {name}: apt-get install prometheus.");
}
