using System.Collections.Concurrent;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Embedded.Calls;

/// <summary>A call that is recorded as sent and waits for its place.</summary>
/// <param name="Saga">Whose.</param>
/// <param name="Sent">The call.</param>
/// <param name="TraceParent">Trace context of the turn that decided it; null when that is not recorded.</param>
internal readonly record struct QueuedCall(LiveSaga Saga, CallSent Sent, string? TraceParent);

/// <summary>
/// Brings recorded calls to participants, each participant through a lane of its own, so that a dead one holds up only
/// its own calls. Calls go in from the commit loop; answers go back into the inbox.
/// </summary>
internal sealed class CallPump : IDisposable
{
    private readonly ConcurrentDictionary<string, CallLane> lanes = new();
    private readonly IParticipantCaller caller;
    private readonly CatalogState catalog;
    private readonly Inbox inbox;
    private readonly Replies replies;
    private readonly Lease lease;
    private readonly Log log;
    private readonly CancellationTokenSource abandon = new();
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool stopping;
    private long underWay;

    public CallPump(
        IParticipantCaller caller, CatalogState catalog, Inbox inbox, Replies replies, Lease lease, Log log)
    {
        this.caller = caller;
        this.catalog = catalog;
        this.inbox = inbox;
        this.replies = replies;
        this.lease = lease;
        this.log = log;
        catalog.ParticipantChanged = entry => LaneOf(entry.Name).Change(entry.Concurrency, entry.Paused);
    }

    /// <summary>True once no call goes out any more.</summary>
    public bool IsStopping => stopping;

    /// <summary>
    /// Waits while others may have taken over this engine's sagas: what they decided is not known here. False when the
    /// engine has stopped meanwhile.
    /// </summary>
    public async ValueTask<bool> MaySendAsync(LiveSaga saga)
    {
        try
        {
            while (!lease.IsHeld && !saga.IsGone) await lease.RenewedAsync(abandon.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Takes a call; never blocks and never sends on the caller's thread.</summary>
    public void Post(LiveSaga saga, CallSent sent, string participant)
    {
        saga.CallsOut++;
        LaneOf(participant).Post(new QueuedCall(saga, sent, saga.TraceParent));
    }

    /// <summary>Figures of every lane.</summary>
    public IReadOnlyList<ParticipantFigures> Figures() =>
        [.. lanes.Values.Select(lane => lane.Figures()).OrderBy(figures => figures.Name, StringComparer.Ordinal)];

    /// <summary>
    /// No call goes out any more; those under way get <paramref name="grace" /> to end, the rest is abandoned. Answers
    /// how many.
    /// </summary>
    public async Task<long> StopAsync(TimeSpan grace, TimeProvider time)
    {
        stopping = true;
        if (Interlocked.Read(ref underWay) == 0) idle.TrySetResult();
        try
        {
            await idle.Task.WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            // What is still under way is sent again at the next start.
        }

        var left = Interlocked.Read(ref underWay);
        await abandon.CancelAsync();
        return left;
    }

    /// <summary>Lets go of everything at once, as a crash does.</summary>
    public void Abandon()
    {
        stopping = true;
        abandon.Cancel();
    }

    /// <inheritdoc />
    public void Dispose() => abandon.Dispose();

    /// <summary>A lane begins with a call; <see cref="Return" /> ends it.</summary>
    internal void Enter() => Interlocked.Increment(ref underWay);

    /// <summary>Sends one call and answers what was said; null when it was abandoned.</summary>
    internal async Task<Answer?> SendAsync(ParticipantCall call)
    {
        try
        {
            return await caller.CallAsync(call, abandon.Token);
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            return null;
        }
        // A caller that throws is a bug; the call must still come to an end, or its saga would wait for ever.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.CallerBroke(call.Participant, e);
            return new Answer { Status = 0, Silence = Silence.Broken, Text = "the caller met an error of its own" };
        }
    }

    /// <summary>
    /// Posts the end of a call; a null answer only gives its place back. Only then the call is over: a stop waits for
    /// it and closes the inbox behind it.
    /// </summary>
    internal void Return(in QueuedCall call, string participant, Answer? answer)
    {
        var (saga, sent) = (call.Saga, call.Sent);
        var retry = catalog.Current.RetryOf(participant);
        inbox.Post(new AnswerWork(
            saga, sent, answer, retry, () => replies.Recorded(saga.Id, sent.Step, sent.Command, sent.Extension)));
        if (Interlocked.Decrement(ref underWay) == 0 && stopping) idle.TrySetResult();
    }

    private CallLane LaneOf(string participant)
    {
        if (lanes.TryGetValue(participant, out var known)) return known;
        var entry = catalog.Current.Participants.GetValueOrDefault(participant);
        return lanes.GetOrAdd(participant, static (name, state) => new CallLane(
            name,
            state.pump,
            state.entry?.Concurrency ?? ParticipantEntry.DefaultConcurrency,
            state.entry?.Paused ?? false), (pump: this, entry));
    }
}
