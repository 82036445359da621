using System.Security.Cryptography;
using System.Text;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Batches;

/// <summary>
/// Finds the batch of a request that comes again. Keys are each actor's own and live as long as their batch; they stand
/// beside those of starts, under a name no definition can have.
/// </summary>
internal sealed class BatchKeys(ISagaQueries starts, IBatchQueries batches)
{
    private const string Scope = "/batches";

    /// <summary>The key of a request and what it makes; null when it has none.</summary>
    public static StoredStart? Of(BatchRequest request, string batchId)
    {
        if (request.IdempotencyKey is not { } key) return null;
        var own = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Actor}\0{key}"));
        return new StoredStart(new StartKey(Scope, Convert.ToHexStringLower(own)), request.Digest, batchId);
    }

    /// <summary>What became of the request when it came before; null when it is new.</summary>
    public async Task<BatchOutcome?> FindAsync(BatchRequest request, CancellationToken cancel)
    {
        if (Of(request, "") is not { } wanted) return null;
        return await starts.FindStartAsync(wanted.Key, cancel) is { } before
            ? await OutcomeAsync(request, before, cancel)
            : null;
    }

    /// <summary>The same when it is known what the key was used for; null when that has just been deleted.</summary>
    public async Task<BatchOutcome?> OutcomeAsync(BatchRequest request, StoredStart before, CancellationToken cancel)
    {
        if (!before.Digest.Span.SequenceEqual(request.Digest.Span)) return new BatchOutcome.KeyReused(before.SagaId);
        return await batches.FindAsync(before.SagaId, cancel) is { } batch
            ? new BatchOutcome.AlreadyAccepted(batch)
            : null;
    }
}
