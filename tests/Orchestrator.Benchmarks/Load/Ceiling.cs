using System.Net.Http.Headers;
using Orchestrator.Benchmarks.Processes;

namespace Orchestrator.Benchmarks.Load;

/// <summary>
/// The HTTP exchanges of one saga and nothing else: one that stands for the start, three after each other, three at
/// once. No engine and no disk can be faster on the same machine with the same client and server.
/// </summary>
internal static class Ceiling
{
    private static readonly byte[] Body = """{"sku":"A1","quantity":2,"reservation":"r-4711"}"""u8.ToArray();

    public static async Task<CeilingFigures> MeasureAsync(
        LoadOptions options, ServerProcess participant, CancellationToken cancel)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = participant.Url,
        };
        var run = await VirtualUsers.RunAsync(
            options, stop => ExchangeAsync(client, stop), _ => Task.FromResult(participant.ProcessorTime), cancel);
        if (run.Wrong is [var first, ..]) throw new InvalidOperationException($"The ceiling was not measured. {first}");
        return new CeilingFigures(run.PerSecond, run.Milliseconds(0.5), run.Milliseconds(0.99));
    }

    private static async Task<string?> ExchangeAsync(HttpClient client, CancellationToken cancel)
    {
        await PostAsync(client, "/start", cancel);
        await PostAsync(client, "/saga/one/do", cancel);
        await PostAsync(client, "/saga/two/do", cancel);
        await PostAsync(client, "/saga/three/do", cancel);
        await Task.WhenAll(
            PostAsync(client, "/saga/one/confirm", cancel),
            PostAsync(client, "/saga/two/confirm", cancel),
            PostAsync(client, "/saga/three/confirm", cancel));
        return null;
    }

    private static async Task PostAsync(HttpClient client, string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.SendAsync(request, cancel);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync(cancel);
    }
}
