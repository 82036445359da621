using Orchestrator.Core.History;
using Orchestrator.Engine;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// Places for the calls to one participant, so that a dead one holds up only its own calls; who finds none waits in the
/// order of arrival. Safe for any number of threads.
/// </summary>
internal sealed class CallLane(string participant, int concurrency, bool paused)
{
    private readonly Lock gate = new();
    private readonly LinkedList<TaskCompletionSource> waiting = new();
    private int limit = concurrency;
    private bool isPaused = paused;
    private int underWay;
    private long calls;
    private long failures;

    /// <summary>Waits for a place. Give it back with <see cref="Leave" />.</summary>
    public async Task EnterAsync(CancellationToken cancel)
    {
        LinkedListNode<TaskCompletionSource> mine;
        lock (gate)
        {
            if (!isPaused && underWay < limit)
            {
                underWay++;
                return;
            }

            mine = waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        await using var given = cancel.UnsafeRegister(_ => GiveUp(mine, cancel), null);
        await mine.Value.Task;
    }

    /// <summary>Gives the place back; <paramref name="answer" /> is null when the call was abandoned.</summary>
    public void Leave(Answer? answer)
    {
        lock (gate)
        {
            if (answer is not null)
            {
                calls++;
                if (answer.Silence != Silence.None || answer.Status >= 500) failures++;
            }

            underWay--;
            Admit();
        }
    }

    /// <summary>Other limits from now on; calls under way are not touched.</summary>
    public void Change(int newLimit, bool newPaused)
    {
        lock (gate)
        {
            limit = newLimit;
            isPaused = newPaused;
            Admit();
        }
    }

    /// <summary>Figures of this moment.</summary>
    public ParticipantFigures Figures()
    {
        lock (gate) return new ParticipantFigures(participant, calls, failures, underWay, waiting.Count);
    }

    private void Admit()
    {
        while (!isPaused && underWay < limit && waiting.First is { } next)
        {
            waiting.RemoveFirst();
            underWay++;
            next.Value.SetResult();
        }
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> mine, CancellationToken cancel)
    {
        lock (gate)
        {
            // Already admitted: whoever was admitted leaves.
            if (mine.List is null) return;
            waiting.Remove(mine);
        }

        mine.Value.SetCanceled(cancel);
    }
}
