using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Embedded.Calls;

/// <summary>
/// The calls to one participant: at most so many at once, the others wait in the order they came. Safe for any number
/// of threads.
/// </summary>
internal sealed class CallLane(string name, CallPump pump, int concurrency, bool paused)
{
    private readonly Lock gate = new();
    private readonly Queue<QueuedCall> waiting = new();
    private int limit = concurrency;
    private bool isPaused = paused;
    private int underWay;
    private long calls;
    private long failures;

    /// <summary>Sends it as soon as there is a place.</summary>
    public void Post(in QueuedCall call)
    {
        lock (gate)
        {
            if (isPaused || underWay >= limit || pump.IsStopping)
            {
                waiting.Enqueue(call);
                return;
            }

            underWay++;
        }

        _ = RunAsync(call);
    }

    /// <summary>Other limits from now on; calls under way are not touched.</summary>
    public void Change(int newLimit, bool newPaused)
    {
        while (true)
        {
            QueuedCall call;
            lock (gate)
            {
                limit = newLimit;
                isPaused = newPaused;
                if (isPaused || underWay >= limit || pump.IsStopping || !waiting.TryDequeue(out call)) return;
                underWay++;
            }

            _ = RunAsync(call);
        }
    }

    /// <summary>Figures of this moment.</summary>
    public ParticipantFigures Figures()
    {
        lock (gate) return new ParticipantFigures(name, calls, failures, underWay, waiting.Count);
    }

    /// <summary>Sends one call after the other until there is none, or no place for one.</summary>
    private async Task RunAsync(QueuedCall first)
    {
        // The commit loop posts; it must not be the one that sends.
        await Task.Yield();
        QueuedCall? next = first;
        while (next is { } call)
        {
            pump.Enter();
            var answer = await SendAsync(call);
            next = Next(answer);
            pump.Return(call, name, answer);
        }
    }

    private async ValueTask<Answer?> SendAsync(QueuedCall call)
    {
        if (!await pump.MaySendAsync(call.Saga)) return null;
        if (call.Saga.State is not { } saga || call.Saga.IsGone || pump.IsStopping) return null;
        return CallFates.Of(saga, call.Sent) switch
        {
            CallFate.Send => await pump.SendAsync(CallOf(saga, call)),
            CallFate.Drop => null,
            CallFate.CountAsBroken => new Answer
            {
                Status = 0,
                Silence = Silence.Broken,
                Text = "it was not sent: the saga had gone back before there was a place for the call",
            },
            _ => throw new System.Diagnostics.UnreachableException("Unknown fate."),
        };
    }

    private static ParticipantCall CallOf(StartedSaga saga, QueuedCall queued)
    {
        var call = ParticipantCall.Of(saga, saga.FindKey(queued.Sent.Step)!, queued.Sent);
        return queued.TraceParent is { } turn ? call with { TraceParent = turn } : call;
    }

    private QueuedCall? Next(Answer? answer)
    {
        lock (gate)
        {
            if (answer is not null)
            {
                calls++;
                if (answer.Silence != Silence.None || answer.Status >= 500) failures++;
            }

            if (!isPaused && underWay <= limit && !pump.IsStopping && waiting.TryDequeue(out var next)) return next;
            underWay--;
            return null;
        }
    }
}
