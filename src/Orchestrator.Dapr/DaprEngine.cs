using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Running;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine;
using Orchestrator.Engine.Committing;

namespace Orchestrator.Dapr;

/// <summary>
/// See <see cref="ISagaEngine" />. A start is written into our own store first, which makes it idempotent: the sidecar
/// would run a finished instance again. A verb is raised as an event, and accepted once the saga has recorded it.
/// </summary>
internal sealed class DaprEngine(
    Starts starts,
    Reruns reruns,
    SagaReads reads,
    SagaInstances instances,
    RaisedVerbs verbs,
    SidecarConnection sidecar,
    EngineHealth health,
    TimeProvider time) : ISagaEngine
{
    /// <inheritdoc />
    public async Task<StartOutcome> StartAsync(Engine.StartRequest request, CancellationToken cancel)
    {
        var outcome = await starts.StartAsync(request, cancel);
        // The start is on disk whatever becomes of the caller, so it is not for the caller to stop what follows.
        if (outcome is StartOutcome.Started started) await instances.BeginAsync(started.Saga, CancellationToken.None);
        return outcome;
    }

    /// <inheritdoc />
    public async Task<VerbOutcome> SubmitAsync(string sagaId, SagaVerb verb, CancellationToken cancel)
    {
        if (health.NotReady is { } text) return new VerbOutcome.Unavailable(text);
        if (await reads.FindAsync(sagaId, cancel) is not { } saga) return new VerbOutcome.NotFound();
        if (VerbRules.Judge(saga, verb, time.GetUtcNow()) is VerbRuling.NotAllowed refused)
            return new VerbOutcome.Refused(refused);
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var judged = verbs.Expect(id);
        try
        {
            var (name, payload) = RaisedVerb.Of(verb, id);
            var request = new RaiseRequest { InstanceId = instances.CurrentOf(sagaId), Name = name, Input = payload };
            await sidecar.RaiseEventAsync(request, cancel);
            var ruling = await judged.WaitAsync(DaprLimits.VerbTimeout, time, cancel);
            return await OutcomeAsync(sagaId, ruling, cancel);
        }
        catch (SidecarException e)
        {
            return new VerbOutcome.Unavailable($"{e.Message} Try again in a moment.");
        }
        catch (TimeoutException)
        {
            return await NotRecordedAsync(sagaId, verb, cancel);
        }
        finally
        {
            verbs.Forget(id);
        }
    }

    /// <inheritdoc />
    public Task<StartedSaga?> FindAsync(string sagaId, CancellationToken cancel) => reads.FindAsync(sagaId, cancel);

    /// <inheritdoc />
    public Task<StartedSaga?> WaitForEndAsync(string sagaId, TimeSpan limit, CancellationToken cancel) =>
        reads.WaitForEndAsync(sagaId, limit, cancel);

    /// <inheritdoc />
    public Task<StartedSaga?> WaitUntilAsync(
        string sagaId, Func<StartedSaga, bool> isSo, TimeSpan limit, CancellationToken cancel) =>
        reads.WaitUntilAsync(sagaId, isSo, limit, cancel);

    /// <inheritdoc />
    public async Task<RerunOutcome> RerunAsync(RerunRequest request, CancellationToken cancel)
    {
        var outcome = await reruns.RerunAsync(request, cancel);
        if (outcome is RerunOutcome.Started { Start: StartOutcome.Started started })
            await instances.BeginAsync(started.Saga, CancellationToken.None);
        return outcome;
    }

    /// <inheritdoc />
    public Task<DeleteOutcome> DeleteAsync(string sagaId, string actor, CancellationToken cancel) =>
        reads.DeleteAsync(sagaId, actor, cancel);

    private async Task<VerbOutcome> OutcomeAsync(
        string sagaId, VerbRuling ruling, CancellationToken cancel) => ruling switch
        {
            VerbRuling.Allowed => await reads.FindAsync(sagaId, cancel) is { } saga
                ? new VerbOutcome.Accepted(saga)
                : new VerbOutcome.NotFound(),
            VerbRuling.NotAllowed refused => new VerbOutcome.Refused(refused),
            _ => throw new System.Diagnostics.UnreachableException("Unknown ruling."),
        };

    /// <summary>An event raised on an instance that has just ended is swallowed without a word.</summary>
    private async Task<VerbOutcome> NotRecordedAsync(string sagaId, SagaVerb verb, CancellationToken cancel)
    {
        if (await reads.FindAsync(sagaId, cancel) is not { } saga) return new VerbOutcome.NotFound();
        return VerbRules.Judge(saga, verb, time.GetUtcNow()) is VerbRuling.NotAllowed refused
            ? new VerbOutcome.Refused(refused)
            : new VerbOutcome.Unavailable(
                "The sidecar took it, but the saga has not recorded it within "
                + $"{DaprLimits.VerbTimeout.TotalSeconds} s; it may "
                + "still do so. Look at the saga before you try again.");
    }
}
