using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Calling;

/// <summary>
/// Sends calls as HTTP requests and reads what was said. Redirects are not followed; connections are pooled. Safe for
/// any number of threads.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="network">What carries the requests; null: sockets.</param>
internal sealed class HttpCalls(TimeProvider time, HttpMessageHandler? network = null) : IDisposable
{
    private readonly CommandRequests requests = new(time);
    private readonly HttpMessageInvoker http = new(network ?? Sockets());

    /// <summary>Sends one call to an address.</summary>
    /// <param name="address">The participant's base address, or that of what stands before it.</param>
    /// <param name="call">The call.</param>
    /// <param name="change">Adds headers.</param>
    /// <param name="silence">Recognises a response that does not come from the participant; null when it does.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<Answer> SendAsync(
        Uri address, ParticipantCall call, Action<HttpRequestMessage>? change,
        Func<HttpResponseMessage, CancellationToken, Task<string?>>? silence, CancellationToken cancel)
    {
        using var request = call.AskAt is null ? requests.Command(call, address) : requests.Asking(call, address);
        if (request is null)
        {
            return Broken(
                $"Participant '{call.Participant}' answered 202 with the location '{call.AskAt}', which is not at its "
                + "own address; it is not asked there.");
        }

        change?.Invoke(request);
        using var limit = new CancellationTokenSource(call.Timeout, time);
        await using var stop = cancel.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            using var response = await http.SendAsync(request, limit.Token);
            if (silence is not null && await silence(response, limit.Token) is { } why) return Broken(why);
            return await AnswerReader.ReadAsync(call.Command, response, limit.Token);
        }
        catch (OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return new Answer { Status = 0, Silence = Silence.TimedOut };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Broken($"{request.RequestUri}: {(e.InnerException ?? e).Message}");
        }
    }

    /// <summary>Tells endings; true when they were taken or nobody cares (404).</summary>
    public async Task<bool> TellEndedAsync(
        Uri address, IReadOnlyList<EndingRow> endings, Action<HttpRequestMessage>? change, CancellationToken cancel)
    {
        using var request = requests.Endings(address, Body(endings));
        change?.Invoke(request);
        using var limit = new CancellationTokenSource(EngineLimits.EndingsTimeout, time);
        await using var stop = cancel.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            using var response = await http.SendAsync(request, limit.Token);
            return (int)response.StatusCode is (>= 200 and < 300) or 404;
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            cancel.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    /// <summary>The answer of a call that reached nobody.</summary>
    public static Answer Broken(string text) =>
        new() { Status = 0, Silence = Silence.Broken, Text = AnswerReader.Cut(text) };

    private static SocketsHttpHandler Sockets() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = EngineLimits.ConnectionLifetime,
        ConnectTimeout = EngineLimits.ConnectTimeout,
        ActivityHeadersPropagator = null,
    };

    private static byte[] Body(IReadOnlyList<EndingRow> endings)
    {
        var ended = new EndedSaga[endings.Count];
        for (var i = 0; i < ended.Length; i++)
        {
            var word = endings[i].Outcome == SagaOutcome.Completed ? WireWords.Completed : WireWords.Compensated;
            ended[i] = new EndedSaga(endings[i].SagaId, word);
        }

        return JsonSerializer.SerializeToUtf8Bytes(ended, ContractJson.Default.EndedSagaArray);
    }
}
