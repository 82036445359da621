using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Orchestrator.Benchmarks.Processes;
using Orchestrator.Contract;

namespace Orchestrator.Benchmarks.Expiry;

/// <summary>
/// Sagas whose first step is held and whose second one never answers: they hang until they expire.
/// </summary>
internal sealed class HeldSagas(ServerProcess service, ServerProcess holder, ServerProcess absent) : IDisposable
{
    private const int StartsAtOnce = 64;

    private readonly HttpClient client = new(new SocketsHttpHandler { UseCookies = false })
    {
        BaseAddress = service.Url,
    };

    public async Task PrepareAsync(CancellationToken cancel)
    {
        var definition = $$"""
            name: held
            deadline: 1h
            maxDeadline: 2h
            guard: 100ms
            retry: { first: 10h, longest: 10h }
            participants:
              holder: { url: "{{holder.Url}}" }
              absent: { url: "{{absent.Url}}" }
            steps:
              - { name: hold, participant: holder, input: { article: $.input.article, quantity: $.input.quantity } }
              - { name: wait, participant: absent, action: busy, input: { article: $.input.article } }
            """;
        using var request = new HttpRequestMessage(HttpMethod.Put, "/definitions/held")
        {
            Content = new StringContent(definition, Encoding.UTF8, "application/yaml"),
        };
        request.Headers.Add("X-Actor", "benchmarks");
        using var answer = await client.SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(await answer.Content.ReadAsStringAsync(cancel));
    }

    /// <summary>Starts so many that all expire in one instant.</summary>
    public Task StartAsync(int count, DateTimeOffset expiresAt, CancellationToken cancel) => Parallel.ForAsync(
        0,
        count,
        new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce, CancellationToken = cancel },
        async (number, stop) => await StartOneAsync(number, expiresAt, stop));

    public void Dispose() => client.Dispose();

    private async Task StartOneAsync(int number, DateTimeOffset expiresAt, CancellationToken cancel)
    {
        var article = (number % HolderDatabase.Articles).ToString(CultureInfo.InvariantCulture);
        using var answer = await client.PostAsync(
            $"/sagas/held?deadline={Uri.EscapeDataString(Instants.Write(expiresAt))}",
            new StringContent($$"""{"article":{{article}},"quantity":1}""", new MediaTypeHeaderValue("application/json")), cancel);
        if (answer.StatusCode != HttpStatusCode.Accepted)
            throw new InvalidOperationException(
                $"A start was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancel)}");
    }
}
