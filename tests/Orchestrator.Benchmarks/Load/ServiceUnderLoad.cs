using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orchestrator.Benchmarks.Processes;
using Orchestrator.Benchmarks.Timers;

namespace Orchestrator.Benchmarks.Load;

/// <summary>A service whose sagas are measured.</summary>
internal sealed class ServiceUnderLoad(Uri url, ServerProcess participant) : IDisposable
{
    private static readonly byte[] Input = """{"order":"o-4711","sku":"A1","quantity":2,"amount":1999}"""u8.ToArray();

    private readonly HttpClient client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = url,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// A name of its own per run: a service that keeps its data knows the last run's participant elsewhere.
    /// </summary>
    private readonly string participantName = $"bench-{participant.Url.Port}";

    /// <summary>Registers the participant and stores the definitions.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        // More calls at once than the default: 1,000 users confirm 3,000 steps at the same time.
        await PutAsync(
            $"/participants/{participantName}", "application/json", $$"""{"url":"{{participant.Url}}","concurrency":4096}""", cancel);
        await PutAsync("/definitions/bench", "application/yaml", BenchDefinitions.Bench(participantName, participant.Url), cancel);
        await PutAsync("/definitions/parked", "application/yaml", BenchDefinitions.Parked(participantName, participant.Url), cancel);
        await PutAsync("/definitions/timed", "application/yaml", BenchDefinitions.Timed(participantName, participant.Url), cancel);
    }

    /// <summary>Starts a saga that waits for retries and its deadline; its id.</summary>
    public async Task<string> StartTimedAsync(CancellationToken cancel)
    {
        using var answer = await client.PostAsync("/sagas/timed", Content(), cancel);
        if (answer.StatusCode != System.Net.HttpStatusCode.Accepted)
            throw new InvalidOperationException($"A saga that waits was answered {(int)answer.StatusCode}.");
        using var saga = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
        return saga.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>How late each timer of a saga was.</summary>
    public async Task<List<Lateness>> LatenessAsync(string sagaId, CancellationToken cancel)
    {
        using var history = JsonDocument.Parse(await client.GetByteArrayAsync($"/sagas/{sagaId}/history", cancel));
        var dueAt = new Dictionary<string, DateTimeOffset>();
        var late = new List<Lateness>();
        foreach (var item in history.RootElement.GetProperty("items").EnumerateArray())
        {
            var type = item.GetProperty("type").GetString();
            if (type is not ("timer-set" or "timer-passed")) continue;
            var timer = item.GetProperty("timer").GetString()!;
            if (type is "timer-set") dueAt[timer] = item.GetProperty("dueAt").GetDateTimeOffset();
            else
                late.Add(new Lateness(
                    timer is "deadline", (item.GetProperty("at").GetDateTimeOffset() - dueAt[timer]).TotalMilliseconds));
        }

        return late;
    }

    /// <summary>Measures S3+confirm.</summary>
    public async Task<SagaFigures> MeasureAsync(LoadOptions options, CancellationToken cancel) =>
        SagaFigures.Of(await VirtualUsers.RunAsync(options, RunSagaAsync, SnapshotAsync, cancel));

    /// <summary>Starts a saga that will wait; answers once it is on disk.</summary>
    public async Task ParkAsync(CancellationToken cancel)
    {
        using var answer = await client.PostAsync("/sagas/parked", Content(), cancel);
        if (answer.StatusCode != System.Net.HttpStatusCode.Accepted)
            throw new InvalidOperationException($"A saga to be parked was answered {(int)answer.StatusCode}.");
    }

    /// <summary>The service's own figures; none when it exposes none.</summary>
    public async Task<MetricsPage> MetricsAsync(CancellationToken cancel) =>
        MetricsPage.Read(await client.GetStringAsync("/metrics", cancel));

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    private static ByteArrayContent Content() => new(Input)
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
    };

    private async Task<string?> RunSagaAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sagas/bench") { Content = Content() };
        request.Headers.TryAddWithoutValidation("Prefer", "wait=30");
        using var answer = await client.SendAsync(request, cancel);
        var body = await answer.Content.ReadAsByteArrayAsync(cancel);
        return answer.StatusCode == System.Net.HttpStatusCode.OK && body.AsSpan().IndexOf("\"outcome\":\"completed\""u8) > 0
            ? null
            : $"A saga was answered {(int)answer.StatusCode}: {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 500)))}";
    }

    private async Task<Snapshot> SnapshotAsync(CancellationToken cancel) =>
        new(await MetricsAsync(cancel), participant.ProcessorTime, Environment.CpuUsage.TotalTime, Machine.BusyTime());

    private async Task PutAsync(string path, string mediaType, string body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path)
        {
            Content = new StringContent(body, Encoding.UTF8, mediaType),
        };
        request.Headers.Add("X-Actor", "benchmarks");
        using var answer = await client.SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(
                $"PUT {path} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancel)}");
    }
}

/// <summary>What the processes had used at one instant.</summary>
internal sealed record Snapshot(MetricsPage Metrics, TimeSpan ParticipantTime, TimeSpan OwnTime, TimeSpan? MachineTime);
