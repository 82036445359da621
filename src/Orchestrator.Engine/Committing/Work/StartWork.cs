using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing.Work;

/// <summary>What became of a start; the saga of <see cref="Existing" /> is still to be read.</summary>
internal abstract record StartFate
{
    public sealed record Started(StartedSaga Saga) : StartFate;

    public sealed record Existing(string SagaId) : StartFate;

    public sealed record KeyReused(string SagaId) : StartFate;

    public sealed record Unavailable(string Text) : StartFate;
}

/// <summary>The ended saga that a start runs again, as it was read; its history is written at that version.</summary>
internal sealed record RerunOrigin(long No, Ended Saga, string Actor, string? Reason, string? Batch);

/// <summary>A saga wants to start, by itself or to run another one again.</summary>
internal sealed class StartWork(StartRequest request, ISagaIds ids, RerunOrigin? origin = null) : EngineWork
{
    private readonly TaskCompletionSource<StartFate> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StartFate? fate;
    private LiveSaga? saga;

    public Task<StartFate> Done => done.Task;

    public override StartKey? Key =>
        request.IdempotencyKey is { } key ? new StartKey(request.Definition.Name, key) : null;

    public override long Knows => origin?.No ?? 0;

    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        fate = null;
        saga = null;
        if (Key is { } key && batch.Starts.TryGetValue(key, out var known))
        {
            fate = known.Digest.Span.SequenceEqual(request.Digest.Span)
                ? new StartFate.Existing(known.SagaId)
                : new StartFate.KeyReused(known.SagaId);
            return;
        }

        var at = Contract.Instants.ToMilliseconds(batch.Now);
        saga = batch.Begin(request.Definition, new SagaStarted
        {
            At = at,
            SagaId = ids.Next(at),
            Definition = request.Definition.Name,
            DefinitionVersion = request.Definition.Version,
            Input = request.Input,
            ExpiresAt = Contract.Instants.ToMilliseconds(request.ExpiresAt),
            BusinessKey = request.BusinessKey,
            Tags = request.Tags,
            TraceParent = request.TraceParent,
            RerunOf = origin?.Saga.Start.SagaId,
        });
        if (origin is not null) Link(batch, sagas, origin, saga.Id);
        if (Key is not { } used) return;
        var row = new StoredStart(used, request.Digest, saga.Id);
        batch.Starts.Add(used, row);
        batch.Commit.Starts.Add(row);
    }

    /// <summary>The ended saga names the new one: one commit writes both.</summary>
    private static void Link(TurnBatch batch, LiveSagas sagas, RerunOrigin origin, string rerunAs)
    {
        var ended = sagas.FindLingering(origin.Saga.Start.SagaId) ?? LiveSaga.Of(origin.No, origin.Saga);
        batch.Take(ended, new RerunRequested
        {
            At = SagaTurn.InstantFor(TurnBatch.StateOf(ended)!, batch.Now),
            Actor = origin.Actor,
            Reason = origin.Reason,
            Batch = origin.Batch,
            RerunAs = rerunAs,
        });
    }

    public override void Committed() => done.TrySetResult(fate ?? new StartFate.Started(saga!.State!));

    public override bool Failed(string text)
    {
        done.TrySetResult(new StartFate.Unavailable(text));
        return false;
    }

    public override void Broke(Exception exception) => done.TrySetException(exception);
}
