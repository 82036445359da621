using Orchestrator.Core.Deciding;
using Orchestrator.Engine.Alerting;
using Orchestrator.Engine.Batches;
using Orchestrator.Engine.Endings;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// The life of the commit loop and of what runs beside it, for an engine's host. Used by one caller at a time.
/// Disposing without a stop lets go of everything at once, as a crash does.
/// </summary>
internal sealed class LoopRun(
    CommitLoop loop,
    RetentionSweep sweep,
    EndingsPump endings,
    OutboxRelay relay,
    Replies replies,
    FactsBacklog facts,
    OwnerKeeper keeper,
    SharedChanges changes,
    BatchRunner batches,
    AlertWatch alerts,
    LiveSagas sagas,
    LoopKeeper loops,
    ISagaStore store,
    Inbox inbox,
    EngineHealth health,
    TimeProvider time,
    Log log) : IAsyncDisposable
{
    private readonly CancellationTokenSource crash = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource leaving = new();
    private Task running = Task.CompletedTask;
    private Task sweeping = Task.CompletedTask;
    private Task relaying = Task.CompletedTask;
    private Task keeping = Task.CompletedTask;
    private Task telling = Task.CompletedTask;
    private Task batching = Task.CompletedTask;
    private Task alerting = Task.CompletedTask;
    private bool isDisposed;

    /// <summary>Completes once everything stored has been read; until then nothing is known of any saga.</summary>
    public Task Ready => loop.Ready;

    /// <summary>
    /// Opens the store and starts. Throws <see cref="StoreInUseException" /> when another engine has the store;
    /// anything else wrong with it shows in readiness and is tried again.
    /// </summary>
    public async Task StartAsync(Func<IReadOnlyList<ParticipantFigures>> participants, CancellationToken cancel)
    {
        health.Sources = () => (sagas.Count, endings.Waiting, participants());
        health.InDoubtSince = () =>
            sagas.All.Select(live => live.View.InDoubt ? live.State?.InDoubtSince() : null).Min();
        health.Operating = () => (batches.Figures, alerts.Figures);
        health.Events = () => (relay.OldestAge, replies.Unexpected, facts.Waiting, facts.LeftOut);
        try
        {
            await store.OpenAsync(cancel);
            await keeper.BeginAsync(cancel);
        }
        catch (StoreUnavailableException e)
        {
            health.NotReady = e.Message;
            log.StoreUnavailable(e.Message, e.InnerException);
        }

        running = RunLoopAsync();
        sweeping = loops.KeepAsync("retention", sweep.RunAsync, stopping.Token);
        relaying = loops.KeepAsync("events for the broker", relay.RunAsync, stopping.Token);
        alerting = loops.KeepAsync("alerts", alerts.RunAsync, stopping.Token);
        keeping = loops.KeepAsync("the lease", keeper.RunAsync, leaving.Token);
        telling = loops.KeepAsync("others' changes", changes.RunAsync, leaving.Token);
        batching = loops.KeepAsync("batches", batches.RunAsync, stopping.Token);
    }

    /// <summary>From now on nothing is accepted, purged or told; what the loop holds is still written.</summary>
    public async Task BeginStopAsync()
    {
        health.Stop();
        await stopping.CancelAsync();
        endings.Stop();
    }

    /// <summary>Writes what is left and ends the loop.</summary>
    public async Task EndStopAsync(CancellationToken cancel)
    {
        inbox.Close();
        try
        {
            await running.WaitAsync(EngineLimits.StopRest, time, cancel);
            await sweeping;
            await relaying;
            await batching;
            await alerting;
        }
        catch (TimeoutException)
        {
            // A store that cannot be written keeps the loop; what it holds is sent again at the next start.
            await crash.CancelAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (isDisposed) return;
        isDisposed = true;
        await crash.CancelAsync();
        await stopping.CancelAsync();
        // As long as it writes, it says that it is alive.
        await leaving.CancelAsync();
        endings.Stop();
        inbox.Close();
        await running;
        await sweeping;
        await relaying;
        await alerting;
        await keeping;
        await telling;
        await batching;
        loop.Dispose();
        await store.DisposeAsync();
        crash.Dispose();
        stopping.Dispose();
        leaving.Dispose();
    }

    private async Task RunLoopAsync()
    {
        // The host's start must not wait for the first commit.
        await Task.Yield();
        await loop.RunAsync(crash.Token);
    }
}
