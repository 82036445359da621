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

/// <summary>A saga wants to start.</summary>
internal sealed class StartWork(StartRequest request) : EngineWork
{
    private readonly TaskCompletionSource<StartFate> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StartFate? fate;
    private LiveSaga? saga;

    public Task<StartFate> Done => done.Task;

    /// <summary>The key to look up before this is added; null when it has none.</summary>
    public StartKey? Key =>
        request.IdempotencyKey is { } key ? new StartKey(request.Definition.Name, key) : null;

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
            SagaId = Guid.CreateVersion7(at).ToString("N"),
            Definition = request.Definition.Name,
            DefinitionVersion = request.Definition.Version,
            Input = request.Input,
            ExpiresAt = Contract.Instants.ToMilliseconds(request.ExpiresAt),
            BusinessKey = request.BusinessKey,
            Tags = request.Tags,
            TraceParent = request.TraceParent,
        });
        if (Key is not { } used) return;
        var row = new StoredStart(used, request.Digest, saga.Id);
        batch.Starts.Add(used, row);
        batch.Commit.Starts.Add(row);
    }

    public override void Committed() => done.TrySetResult(fate ?? new StartFate.Started(saga!.State!));

    public override bool Failed(string text)
    {
        done.TrySetResult(new StartFate.Unavailable(text));
        return false;
    }

    public override void Broke(Exception exception) => done.TrySetException(exception);
}
