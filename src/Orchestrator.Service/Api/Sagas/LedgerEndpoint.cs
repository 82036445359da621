using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>
/// <c>GET /sagas/{id}/ledgers</c>: what each called participant's own ledger says, asked now, all at once. Safe for any
/// number of threads.
/// </summary>
internal sealed class LedgerEndpoint(
    ISagaEngine engine, IParticipantRegistry registry, IParticipantTokens tokens, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = Patience,
        ActivityHeadersPropagator = null,
    })
    {
        MaxResponseContentBufferSize = ServiceLimits.EventBytes,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Asks them.</summary>
    public async Task<IResult> GetAsync(HttpContext http, string id, CancellationToken cancel)
    {
        if (await engine.FindAsync(id, cancel) is not { } saga) return ReadEndpoints.Unknown();
        var called = saga.Steps.Where(step => step.Do is not CallState.NotSent);
        var rows = await Task.WhenAll(called.Select(step => AskAsync(id, step, cancel)));
        if (Sight.Of(http).Covers(saga.Definition) is not null)
            rows = [.. rows.Select(row => row with { Row = row.Row is null ? null : SecretFields.Mask })];
        return JsonAnswer.Ok(new LedgersBody(rows), WireJson.Types.LedgersBody);
    }

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    private async Task<LedgerBody> AskAsync(string id, StepState step, CancellationToken cancel)
    {
        var participant = step.Definition.Participant;
        if (registry.Find(participant) is not { Url: { } address } entry)
            return Silent(step, $"{participant} has no address of its own to ask at; it is reached through Dapr.");
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var path = $"{address.ToString().TrimEnd('/')}/saga/{Uri.EscapeDataString(step.Key)}/{id}";
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path));
            TokenHeader.AddTo(request, tokens, entry);
            using var answer = await client.SendAsync(request, either.Token);
            return await ReadAsync(step, answer, either.Token);
        }
        catch (OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return Silent(step, $"{participant} did not answer within {Patience.TotalSeconds:0} s.");
        }
        catch (HttpRequestException e)
        {
            return Silent(step, $"{participant} cannot be asked: {(e.InnerException ?? e).Message}");
        }
    }

    private static async Task<LedgerBody> ReadAsync(
        StepState step, HttpResponseMessage answer, CancellationToken cancel)
    {
        var status = (int)answer.StatusCode;
        var state = Header(answer, SagaHeaders.SagaState);
        var ledger = Header(answer, SagaHeaders.SagaLedger);
        var believed = Words.Of(step.View());
        if (status == StatusCodes.Status200OK)
        {
            var row = await RowAsync(answer, cancel);
            return new LedgerBody(
                step.Definition.Name, step.Key, step.Definition.Participant, believed, status, row, ledger, state,
                row is null ? "It answered something that is no JSON." : null, Differs(step, state));
        }

        var problem = status == StatusCodes.Status404NotFound
            ? "It has no row of this step: it keeps no ledger, has purged the row, or its database was set back."
            : $"It answered {status} when it was asked for its row.";
        return new LedgerBody(
            step.Definition.Name, step.Key, step.Definition.Participant, believed, status, null, ledger, state, problem,
            status == StatusCodes.Status404NotFound && step.HasLedger && step.IsDone && !step.IsUndone);
    }

    private static async Task<JsonData?> RowAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancel);
            using var row = await JsonDocument.ParseAsync(body, cancellationToken: cancel);
            return JsonData.FromText(row.RootElement.GetRawText());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>True when no message on its way can explain what the two believe.</summary>
    private static bool Differs(StepState step, string? word) =>
        WireWords.TryRead(word, out LedgerState state) && state switch
        {
            LedgerState.Held => step.IsConfirmed || step.IsUndone,
            LedgerState.Confirmed => step.IsUndone,
            LedgerState.Undone or LedgerState.Barred or LedgerState.Refused =>
                step.IsConfirmed && !step.OwesUndo && !step.IsUndone,
            LedgerState.None => step.IsDone && !step.IsUndone,
            _ => throw new System.Diagnostics.UnreachableException($"Unknown ledger state {state}."),
        };

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static LedgerBody Silent(StepState step, string problem) => new(
        step.Definition.Name, step.Key, step.Definition.Participant, Words.Of(step.View()), 0, null, null, null,
        problem, false);
}

/// <summary>What the participants of a saga say.</summary>
internal sealed record LedgersBody(IReadOnlyList<LedgerBody> Items);

/// <summary>What one ledger says of one step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Key">Its ledger key.</param>
/// <param name="Participant">Who was asked.</param>
/// <param name="Believed">The step's state as the orchestrator knows it.</param>
/// <param name="Status">The HTTP status of the answer; 0 without one.</param>
/// <param name="Row">The row as the participant shows it.</param>
/// <param name="Ledger">Its <c>Saga-Ledger</c>.</param>
/// <param name="State">Its <c>Saga-State</c>.</param>
/// <param name="Problem">Why nothing is known, in a sentence.</param>
/// <param name="Differs">True when no message on its way can explain the difference.</param>
internal sealed record LedgerBody(
    string Step, string Key, string Participant, string Believed, int Status, JsonData? Row, string? Ledger,
    string? State, string? Problem, bool Differs);
