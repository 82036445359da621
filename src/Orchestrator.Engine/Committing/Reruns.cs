using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// Runs ended sagas again, one at a time, so that two requests never find the same saga not yet run again. Safe for any
/// number of threads.
/// </summary>
internal sealed class Reruns(Starts starts, SagaReads reads, ISagaQueries queries) : IDisposable
{
    private readonly SemaphoreSlim oneAtATime = new(1);

    /// <summary>See <see cref="ISagaEngine.RerunAsync" />.</summary>
    public async Task<RerunOutcome> RerunAsync(RerunRequest request, CancellationToken cancel)
    {
        await oneAtATime.WaitAsync(cancel);
        try
        {
            return await TryAsync(request, cancel);
        }
        catch (StoreConflictException)
        {
            // On a shared store another engine may have run it again in the same moment; now that is found.
            return await TryAsync(request, cancel);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Why a saga is not run again now; null when it may be.</summary>
    public async Task<VerbRuling.NotAllowed?> WhyNotAsync(StartedSaga saga, bool force, CancellationToken cancel) =>
        VerbRules.WhyNoRerun(saga, force) ?? await OfEarlierAsync((Ended)saga, cancel)
        ?? await OfLaterAsync((Ended)saga, cancel);

    /// <inheritdoc />
    public void Dispose() => oneAtATime.Dispose();

    private async Task<RerunOutcome> TryAsync(RerunRequest request, CancellationToken cancel)
    {
        if (await KnownAsync(request.Start, cancel) is { } known) return new RerunOutcome.Started(known);
        // What is judged is what the commit goes on from: read twice, another engine could run it again in between.
        if (await reads.ReadRowAsync(request.SagaId, cancel) is not { } row) return new RerunOutcome.NotFound();
        if (await WhyNotAsync(row.Saga, request.Force, cancel) is { } no)
        {
            // By this very request, perhaps, which came to another engine at the same time.
            return await KnownAsync(request.Start, cancel) is { } started
                ? new RerunOutcome.Started(started)
                : new RerunOutcome.Refused(no);
        }

        var origin = new RerunOrigin(row.No, (Ended)row.Saga, request.Actor, request.Reason, request.Batch);
        return new RerunOutcome.Started(await starts.StartAsync(request.Start, origin, cancel));
    }

    /// <summary>
    /// The start this request made when it came before; it is asked first, because the ended saga has changed since.
    /// </summary>
    private async Task<StartOutcome?> KnownAsync(StartRequest request, CancellationToken cancel)
    {
        if (request.IdempotencyKey is not { } key) return null;
        var start = await queries.FindStartAsync(new StartKey(request.Definition.Name, key), cancel);
        if (start is null || await reads.FindAsync(start.SagaId, cancel) is not { } saga) return null;
        return start.Digest.Span.SequenceEqual(request.Digest.Span)
            ? new StartOutcome.AlreadyStarted(saga)
            : new StartOutcome.KeyReused(start.SagaId);
    }

    /// <summary>
    /// A request that is repeated because its answer was lost must not do the work twice: unless everything of the last
    /// rerun is undone, and that one was not run again itself, there is no other.
    /// </summary>
    private async Task<VerbRuling.NotAllowed?> OfEarlierAsync(Ended saga, CancellationToken cancel)
    {
        if (saga.RerunAs.IsEmpty || await reads.FindAsync(saga.RerunAs[^1], cancel) is not { } last) return null;
        var isUndone = last is Ended { End.Outcome: SagaOutcome.Compensated, RerunAs.IsEmpty: true } && last.IsClosed();
        return isUndone ? null : AlreadyRerun(saga.Start.SagaId, last.Start.SagaId);
    }

    /// <summary>
    /// A rerun in whose place a later one has come is not run again: both would do the work of the same saga.
    /// </summary>
    private async Task<VerbRuling.NotAllowed?> OfLaterAsync(Ended saga, CancellationToken cancel)
    {
        var id = saga.Start.SagaId;
        if (saga.Start.RerunOf is not { } first) return null;
        return await reads.FindAsync(first, cancel) is Ended { RerunAs: [.., var last] } && last != id
            ? AlreadyRerun(first, last)
            : null;
    }

    private static VerbRuling.NotAllowed AlreadyRerun(string sagaId, string rerunAs) => new(
        VerbCodes.AlreadyRerun, $"Saga {sagaId} was run again as {rerunAs}. Go on with that one.", []);
}
