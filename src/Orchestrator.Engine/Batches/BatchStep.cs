using System.Diagnostics;
using System.Text;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Batches;

/// <summary>
/// Does a batch's verb to one saga, on the way a single verb goes. Where the verb is recorded, the same commit records
/// the answer, so that nothing is done again after a crash.
/// </summary>
internal sealed class BatchStep(
    ISagaEngine engine, SagaReads reads, IDefinitionCatalog catalog, TimeProvider time, Log log)
{
    private static readonly byte[] Digest = Encoding.UTF8.GetBytes("batch");

    /// <summary>What became of it. Throws only <see cref="OperationCanceledException" />.</summary>
    public async Task<BatchStepFate> DoAsync(BatchRow batch, BatchArgs args, string sagaId, CancellationToken cancel)
    {
        try
        {
            return batch.Verb switch
            {
                BatchVerbs.Delete => await DeleteAsync(batch, sagaId, cancel),
                BatchVerbs.Rerun => await RerunAsync(batch, args, sagaId, cancel),
                _ => Of(batch, sagaId, await engine.SubmitAsync(sagaId, BatchVerbs.Of(batch, args)!, cancel)),
            };
        }
        catch (StoreUnavailableException e)
        {
            return new BatchStepFate.Later(e.Message);
        }
        // One saga's bug must not stop the others.
#pragma warning disable CA1031
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.Broke(batch.Verb, e);
            return Answered(
                batch, sagaId, BatchFate.Failed, "internal", "The engine met an error of its own; it is in the log.");
        }
    }

    private BatchStepFate Of(BatchRow batch, string sagaId, VerbOutcome outcome) => outcome switch
    {
        VerbOutcome.Accepted => BatchStepFate.Recorded,
        VerbOutcome.Refused refused =>
            Answered(batch, sagaId, BatchFate.Refused, refused.Ruling.Code, refused.Ruling.Text),
        VerbOutcome.NotFound => Gone(batch, sagaId),
        VerbOutcome.Unavailable unavailable => new BatchStepFate.Later(unavailable.Text),
        _ => throw new UnreachableException($"Unknown outcome {outcome.GetType().Name}."),
    };

    private async Task<BatchStepFate> DeleteAsync(BatchRow batch, string sagaId, CancellationToken cancel) =>
        await reads.DeleteAsync(sagaId, batch.Actor, batch, cancel) switch
        {
            DeleteOutcome.Deleted => BatchStepFate.Recorded,
            // It was there when the batch was accepted, and what was wanted is so.
            DeleteOutcome.NotFound => Answered(
                batch, sagaId, BatchFate.Accepted, null, "It was purged before the batch came to it."),
            DeleteOutcome.StillRunning => Refused(batch, sagaId, Core.Deciding.VerbCodes.StillRunning),
            DeleteOutcome.Unverified => Refused(batch, sagaId, Core.Deciding.VerbCodes.Unverified),
            DeleteOutcome.Unavailable => new BatchStepFate.Later("The store cannot be written now."),
            var other => throw new UnreachableException($"Unknown outcome {other}."),
        };

    private async Task<BatchStepFate> RerunAsync(
        BatchRow batch, BatchArgs args, string sagaId, CancellationToken cancel)
    {
        if (await reads.FindAsync(sagaId, cancel) is not { } saga) return Gone(batch, sagaId);
        if (catalog.Find(saga.Start.Definition) is not { } definition)
            return new BatchStepFate.Later("The engine is starting.");
        if (ExpiryOf(args, definition) is not { } expiresAt) return Refused(batch, sagaId, BatchCodes.Deadline);
        var outcome = await engine.RerunAsync(
            new RerunRequest
            {
                SagaId = sagaId,
                Actor = batch.Actor,
                Reason = batch.Reason,
                Batch = batch.Id,
                Force = args.Force,
                Start = new StartRequest
                {
                    Definition = definition,
                    Input = saga.Start.Input,
                    ExpiresAt = expiresAt,
                    BusinessKey = saga.Start.BusinessKey,
                    Tags = saga.Start.Tags,
                    IdempotencyKey = $"batch/{batch.Id}/{sagaId}",
                    Digest = Digest,
                },
            },
            cancel);
        return outcome switch
        {
            RerunOutcome.Started { Start: StartOutcome.Started } => BatchStepFate.Recorded,
            RerunOutcome.Started { Start: StartOutcome.AlreadyStarted } =>
                Answered(batch, sagaId, BatchFate.Accepted, null, null),
            RerunOutcome.Started { Start: StartOutcome.Unavailable unavailable } =>
                new BatchStepFate.Later(unavailable.Text),
            RerunOutcome.Started => Refused(batch, sagaId, Core.Deciding.VerbCodes.AlreadyRerun),
            RerunOutcome.Refused refused =>
                Answered(batch, sagaId, BatchFate.Refused, refused.Ruling.Code, refused.Ruling.Text),
            RerunOutcome.NotFound => Gone(batch, sagaId),
            _ => throw new UnreachableException($"Unknown outcome {outcome.GetType().Name}."),
        };
    }

    /// <summary>The expiry of the new saga; null when its definition does not allow it.</summary>
    private DateTimeOffset? ExpiryOf(BatchArgs args, SagaDefinition definition)
    {
        var now = Instants.ToMilliseconds(time.GetUtcNow());
        if (args.Deadline is not { } text) return now + definition.Deadline;
        if (!Instants.TryRead(text, out var at))
        {
            if (!Durations.TryRead(text, out var duration)) return null;
            at = now + duration;
        }

        var left = at - now;
        return left > definition.Guard && left <= definition.MaxDeadline ? Instants.ToMilliseconds(at) : null;
    }

    private BatchStepFate.Answered Gone(BatchRow batch, string sagaId) => Refused(batch, sagaId, BatchCodes.NotFound);

    private BatchStepFate.Answered Refused(BatchRow batch, string sagaId, string code) =>
        Answered(batch, sagaId, BatchFate.Refused, code, BatchCodes.TextOf(code));

    private BatchStepFate.Answered Answered(
        BatchRow batch, string sagaId, BatchFate fate, string? code, string? text) =>
        new(new BatchAnswer(batch.Id, sagaId, fate, code, text, Instants.ToMilliseconds(time.GetUtcNow())));
}

/// <summary>What became of one saga of a batch now. A closed union.</summary>
internal abstract record BatchStepFate
{
    private BatchStepFate()
    {
    }

    /// <summary>See <see cref="IsRecorded" />.</summary>
    public static BatchStepFate Recorded { get; } = new IsRecorded();

    /// <summary>The commit that did it has the answer already.</summary>
    public sealed record IsRecorded : BatchStepFate;

    /// <summary>The answer is to be written.</summary>
    public sealed record Answered(BatchAnswer Answer) : BatchStepFate;

    /// <summary>It is to be tried again.</summary>
    public sealed record Later(string Why) : BatchStepFate;
}
