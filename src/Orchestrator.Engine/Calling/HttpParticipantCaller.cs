using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Calling;

/// <summary>Calls participants directly over HTTP. Redirects are not followed; connections are pooled.</summary>
public sealed class HttpParticipantCaller : IParticipantCaller, IDisposable
{
    private readonly IParticipantRegistry registry;
    private readonly TimeProvider time;
    private readonly CommandRequests requests;
    private readonly HttpMessageInvoker http;

    /// <summary>Addresses come from the registry at every call.</summary>
    public HttpParticipantCaller(IParticipantRegistry registry, TimeProvider time)
    {
        this.registry = registry;
        this.time = time;
        requests = new CommandRequests(time);
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = EngineLimits.ConnectionLifetime,
            ConnectTimeout = EngineLimits.ConnectTimeout,
            ActivityHeadersPropagator = null,
        });
    }

    /// <inheritdoc />
    public async Task<Answer> CallAsync(ParticipantCall call, CancellationToken cancel)
    {
        var name = call.Participant;
        var entry = registry.Find(name);
        if (entry is null)
            return Broken($"Participant '{name}' is not registered. Register it with PUT /participants/{name}.");
        if (WhyNot(name, entry.Url, entry.App, entry.ViaPubSub) is { } why) return Broken(why);
        using var request = call.AskAt is null ? requests.Command(call, entry.Url!) : requests.Asking(call, entry.Url!);
        if (request is null)
        {
            return Broken(
                $"Participant '{name}' answered 202 with the location '{call.AskAt}', which is not at its own "
                + "address; it is not asked there.");
        }

        using var limit = new CancellationTokenSource(call.Timeout, time);
        await using var stop = cancel.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            using var response = await http.SendAsync(request, limit.Token);
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

    /// <inheritdoc />
    public async Task<bool> TellEndedAsync(
        string participant, IReadOnlyList<EndingRow> endings, CancellationToken cancel)
    {
        var entry = registry.Find(participant);
        if (entry is null || WhyNot(participant, entry.Url, entry.App, entry.ViaPubSub) is not null) return false;
        using var request = requests.Endings(entry.Url!, Body(endings));
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
    public string? WhyNot(ParticipantDefinition participant) =>
        WhyNot(participant.Name, participant.Url, participant.App, participant.ViaPubSub);

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private static string? WhyNot(string name, Uri? url, string? app, bool viaPubSub)
    {
        if (viaPubSub)
            return $"Participant '{name}' is reached via pubsub, which the embedded engine cannot do. Give it a url, "
                + "or run the Dapr engine.";
        if (app is not null)
            return $"Participant '{name}' is the Dapr app '{app}', which the embedded engine cannot call. Give it a "
                + "url, or run the Dapr engine.";
        return url is { IsAbsoluteUri: true, Scheme: "http" or "https" }
            ? null
            : $"Participant '{name}' has no http or https address. Give it one with PUT /participants/{name}.";
    }

    private static Answer Broken(string text) =>
        new() { Status = 0, Silence = Silence.Broken, Text = AnswerReader.Cut(text) };

    private static byte[] Body(IReadOnlyList<EndingRow> endings)
    {
        var ended = new EndedSaga[endings.Count];
        for (var i = 0; i < ended.Length; i++)
            ended[i] = new EndedSaga(
                endings[i].SagaId, endings[i].Outcome == SagaOutcome.Completed ? "completed" : "compensated");
        return JsonSerializer.SerializeToUtf8Bytes(ended, ContractJson.Default.EndedSagaArray);
    }
}
