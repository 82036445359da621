using System.Threading.Channels;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant;

namespace Shop.Serving;

/// <summary>
/// Logs each command with its answer in a line, and a refused saga's expiry when it passes. It only tells: the ledger
/// decides.
/// </summary>
internal sealed class SagaDiary(SagaLedger ledger, TimeProvider clock, ILogger<SagaDiary> logger) : BackgroundService
{
    // More sagas than this at once are not worth a line each.
    private const int WaitingAtMost = 1000;

    private readonly Channel<Refusal> refusals = Channel.CreateBounded<Refusal>(
        new BoundedChannelOptions(WaitingAtMost) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Writes a line about each command below <c>/saga</c> once it is answered.</summary>
    internal void Watch(WebApplication app) => app.Use(async (context, next) =>
    {
        await next(context);
        var headers = context.Request.Headers;
        if (!context.Request.Path.StartsWithSegments("/saga", StringComparison.Ordinal)) return;
        if (!headers.TryGetValue(SagaHeaders.SagaId, out var sagaId)) return;
        Note(new Told(
            headers[SagaHeaders.SagaStep].ToString(), sagaId.ToString(),
            context.Request.Path.Value!.Split('/')[^1], headers[SagaHeaders.SagaAttempt].ToString(),
            context.Response.StatusCode, context.Response.Headers[SagaHeaders.SagaState].ToString(),
            Instants.TryRead(headers[SagaHeaders.ExpiryTime], out var expiresAt) ? expiresAt : null));
    });

    /// <summary>
    /// Writes a line about each command that comes over the broker. What it was answered goes out as an event too, so
    /// the ledger is asked how the step stands.
    /// </summary>
    internal void WatchEvents(WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.Request.Path != SagaParticipantExtensions.DefaultPrefix + "/events")
        {
            await next(context);
            return;
        }

        context.Request.EnableBuffering();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        context.Request.Body.Position = 0;
        try
        {
            await next(context);
        }
        finally
        {
            // What was done is told also when nobody hears the answer: the line may be cut in this very moment.
            if (StructuredEvent.Read(new JsonData(body.ToArray())).Event is { } read)
                await NoteAsync(read, CancellationToken.None);
        }
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var waiting = new PriorityQueue<Refusal, DateTimeOffset>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            while (refusals.Reader.TryRead(out var refusal)) waiting.Enqueue(refusal, refusal.ExpiresAt);
            while (waiting.TryPeek(out var next, out var expiresAt) && expiresAt <= clock.GetUtcNow())
            {
                waiting.Dequeue();
                Log.KnowsItIsOver(logger, next.Step, next.SagaId, Instants.Write(expiresAt));
            }
        }
    }

    private async Task NoteAsync(StructuredEvent read, CancellationToken cancel)
    {
        if (!SagaEventTypes.TryRead(read.Type, out var command)) return;
        string? Attribute(string header) => read[SagaAttributes.Of(header)];
        if (Attribute(SagaHeaders.SagaId) is not { } sagaId || Attribute(SagaHeaders.SagaStep) is not { } step) return;
        var row = await ledger.FindAsync(sagaId, step, cancel);
        Log.CameOverTheBroker(
            logger, step, WireWords.Of(command), sagaId, Attribute(SagaHeaders.SagaAttempt) ?? "",
            WireWords.Of(row?.State ?? LedgerState.None));
        if (row is { State: LedgerState.Refused, ExpiresAt: { } expiresAt } && expiresAt > clock.GetUtcNow())
            refusals.Writer.TryWrite(new Refusal(step, sagaId, expiresAt));
    }

    private void Note(Told told)
    {
        var isLate = told.ExpiresAt <= clock.GetUtcNow() && told.Status is >= 400 and < 500;
        if (isLate)
            Log.CameLate(
                logger, told.Step, told.Command, told.SagaId, Instants.Write(told.ExpiresAt!.Value), told.Status,
                told.State);
        else
            Log.Answered(logger, told.Step, told.Command, told.SagaId, told.Attempt, told.Status, told.State);
        if (!isLate && told is { Command: "do", Status: 409, ExpiresAt: { } expiresAt })
            refusals.Writer.TryWrite(new Refusal(told.Step, told.SagaId, expiresAt));
    }

    private sealed record Told(
        string Step, string SagaId, string Command, string Attempt, int Status, string State,
        DateTimeOffset? ExpiresAt);

    private sealed record Refusal(string Step, string SagaId, DateTimeOffset ExpiresAt);
}
