using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Orchestrator.Contract;

namespace Orchestrator.Benchmarks.Expiry;

/// <summary>
/// Sagas of another orchestrator at the same participant: a do and its confirm, started at a steady pace whether or not
/// the earlier ones are done.
/// </summary>
internal sealed class OtherSagas(Uri participant) : IDisposable
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    private readonly HttpClient client = new(new SocketsHttpHandler { UseCookies = false })
    {
        BaseAddress = participant,
        Timeout = TimeSpan.FromSeconds(30),
    };

    private readonly ConcurrentQueue<OtherSaga> done = new();

    /// <summary>What was confirmed so far.</summary>
    public IReadOnlyCollection<OtherSaga> Done => done;

    /// <summary>Starts them until it is cancelled, then waits for the last.</summary>
    public async Task RunAsync(int perSecond, CancellationToken cancel)
    {
        var running = new List<Task>();
        var began = Stopwatch.GetTimestamp();
        for (var n = 0; perSecond > 0 && !cancel.IsCancellationRequested; n++)
        {
            var wait = (n * TimeSpan.FromSeconds(1) / perSecond) - Stopwatch.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, TimeProvider.System, CancellationToken.None);
            running.Add(RunOneAsync(n));
        }

        await Task.WhenAll(running);
    }

    public void Dispose() => client.Dispose();

    private async Task RunOneAsync(int number)
    {
        var startedAt = TimeProvider.System.GetUtcNow();
        var began = Stopwatch.GetTimestamp();
        var id = $"other-{number.ToString(CultureInfo.InvariantCulture)}-{startedAt.ToUnixTimeMilliseconds()}";
        var expiresAt = startedAt + Hold;
        await SendAsync(id, CommandKind.Do, expiresAt, $$"""{"article":{{number % HolderDatabase.Articles}},"quantity":1}""");
        await SendAsync(id, CommandKind.Confirm, expiresAt, "{}");
        done.Enqueue(new OtherSaga(startedAt, Stopwatch.GetElapsedTime(began)));
    }

    private async Task SendAsync(string id, CommandKind kind, DateTimeOffset expiresAt, string body)
    {
        var word = WireWords.Of(kind);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/saga/hold/{word}");
        var headers = request.Headers;
        headers.Add(SagaHeaders.SpecVersion, "1.0");
        headers.Add(SagaHeaders.Type, SagaEventTypes.Of(kind));
        headers.Add(SagaHeaders.Id, $"{id}/hold/{word}");
        headers.Add(SagaHeaders.Source, "/sagas/other");
        headers.Add(SagaHeaders.Time, Instants.Write(TimeProvider.System.GetUtcNow()));
        headers.Add(SagaHeaders.SagaId, id);
        headers.Add(SagaHeaders.SagaStep, "hold");
        headers.Add(SagaHeaders.SagaAction, "hold");
        headers.Add(SagaHeaders.SagaAttempt, "1");
        headers.Add(SagaHeaders.ExpiryTime, Instants.Write(expiresAt));
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var answer = await client.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(
                $"The {word} of another saga was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }
}

/// <summary>One of them.</summary>
/// <param name="StartedAt">When its do was sent.</param>
/// <param name="Took">Until its confirm was answered.</param>
internal sealed record OtherSaga(DateTimeOffset StartedAt, TimeSpan Took)
{
    /// <summary>At any moment between two instants.</summary>
    public bool IsUnderWay(DateTimeOffset from, DateTimeOffset to) => StartedAt < to && StartedAt + Took > from;
}
