using Orchestrator.Contract;
using Orchestrator.Engine.Auditing;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Batches;

/// <summary>See <see cref="IBatches" />.</summary>
internal sealed class StoredBatches(
    BatchSagas sagas,
    BatchForecast forecast,
    IBatchQueries queries,
    IBatchStore store,
    BatchKeys keys,
    BatchTallies tallies,
    Inbox inbox,
    BatchBell bell,
    ISagaIds ids,
    EngineHealth health,
    TimeProvider time) : IBatches
{
    /// <inheritdoc />
    public async Task<BatchPreview> PreviewAsync(BatchRequest request, CancellationToken cancel)
    {
        if (await sagas.ChooseAsync(request, cancel) is not { } chosen) return new BatchPreview(true, 0, [], [], []);
        var row = RowOf(request, time.GetUtcNow());
        var effects = new Dictionary<string, int>(StringComparer.Ordinal);
        var refusals = new Dictionary<string, int>(StringComparer.Ordinal);
        var sample = new List<string>();
        foreach (var (id, saga) in chosen)
        {
            var (effect, code) = WhyNot(request, saga) is { } refused
                ? (null, refused)
                : await forecast.OfAsync(saga!, row, request.Args, cancel);
            if (effect is null) refusals[code!] = refusals.GetValueOrDefault(code!) + 1;
            else effects[effect] = effects.GetValueOrDefault(effect) + 1;
            if (effect is not null && sample.Count < EngineLimits.BatchSample) sample.Add(id);
        }

        return new BatchPreview(
            false, chosen.Count,
            [
                .. effects.OrderByDescending(pair => pair.Value)
                    .Select(pair => new BatchEffect(EffectWords.Of(pair.Key, pair.Value), pair.Value)),
            ],
            [
                .. refusals.OrderByDescending(pair => pair.Value)
                    .Select(pair => new BatchRefusal(pair.Key, pair.Value, BatchCodes.TextOf(pair.Key))),
            ],
            sample);
    }

    /// <inheritdoc />
    public async Task<BatchOutcome> CreateAsync(BatchRequest request, CancellationToken cancel)
    {
        if (health.NotReady is { } text) return new BatchOutcome.Unavailable(text);
        // Before anything else: what matched then may match no more.
        if (await keys.FindAsync(request, cancel) is { } before) return before;
        if (await sagas.ChooseAsync(request, cancel) is not { } chosen) return new BatchOutcome.TooManySagas();
        if (chosen.Count == 0) return new BatchOutcome.NothingMatches();
        if ((await store.RunningAsync(cancel)).Count >= EngineLimits.MaxLiveBatches)
            return new BatchOutcome.TooManyBatches();
        var row = RowOf(request, Instants.ToMilliseconds(time.GetUtcNow()));
        var answers = chosen.Select(each => (each.Id, Code: WhyNot(request, each.Saga)))
            .Where(each => each.Code is not null)
            .Select(each => new BatchAnswer(
                row.Id, each.Id, BatchFate.Refused, each.Code, BatchCodes.TextOf(each.Code!), row.CreatedAt))
            .ToList();
        var work = new NewBatchWork(
            row, [.. chosen.Select(each => each.Id)], answers, AuditOf(row, chosen.Count),
            BatchKeys.Of(request, row.Id));
        inbox.Post(work);
        if (await work.Done.WaitAsync(cancel) is { } failure) return new BatchOutcome.Unavailable(failure);
        if (work.Before is { } first)
        {
            return await keys.OutcomeAsync(request, first, cancel)
                ?? new BatchOutcome.Unavailable("The batch of this key has just been deleted. Send it again.");
        }

        tallies.Add(BatchFate.Refused, answers.Count);
        bell.Ring();
        return new BatchOutcome.Accepted(
            new BatchSummary(row, BatchState.Running, null, chosen.Count, 0, answers.Count, 0));
    }

    /// <inheritdoc />
    public async Task<StopOutcome> StopAsync(string id, string actor, string? reason, CancellationToken cancel)
    {
        if (await queries.FindAsync(id, cancel) is not { } batch) return new StopOutcome.NotFound();
        if (batch.EndedAt is not null) return new StopOutcome.AlreadyEnded(batch);
        var at = Instants.ToMilliseconds(time.GetUtcNow());
        var work = new EndBatchWork(id, BatchState.Stopped, at, new AuditRow
        {
            At = at,
            Actor = actor,
            Verb = AuditVerbs.StopBatch,
            Kind = AuditKind.Batch,
            Target = id,
            Reason = reason,
            Before = Progress(batch, BatchState.Running),
            After = Progress(batch, BatchState.Stopped),
        });
        inbox.Post(work);
        if (await work.Done.WaitAsync(cancel) is { } failure) return new StopOutcome.Unavailable(failure);
        return new StopOutcome.Stopped(batch with { State = BatchState.Stopped, EndedAt = at });
    }

    private BatchRow RowOf(BatchRequest request, DateTimeOffset at) => new()
    {
        Id = ids.Next(at),
        Verb = request.Verb,
        Args = request.Args.ToJson(),
        Filter = request.Chosen,
        Actor = request.Actor,
        Reason = request.Reason,
        CreatedAt = at,
    };

    private static string? WhyNot(BatchRequest request, SagaSummary? saga)
    {
        if (!request.May(saga?.Definition)) return BatchCodes.Forbidden;
        return saga is null ? BatchCodes.NotFound : null;
    }

    private static AuditRow AuditOf(BatchRow row, int sagas) => new()
    {
        At = row.CreatedAt,
        Actor = row.Actor,
        Verb = AuditVerbs.CreateBatch,
        Kind = AuditKind.Batch,
        Target = row.Id,
        Reason = row.Reason,
        After = AuditJson.Of(writer =>
        {
            writer.WriteString("verb", row.Verb);
            writer.WriteNumber("sagas", sagas);
        }),
    };

    private static string Progress(BatchSummary batch, BatchState state) => AuditJson.Of(writer =>
    {
        writer.WriteString("state", state.ToString().ToLowerInvariant());
        writer.WriteNumber("sagas", batch.Total);
        writer.WriteNumber("done", batch.Accepted + batch.Refused + batch.Failed);
    });
}
