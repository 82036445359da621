using Microsoft.Extensions.Logging;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Core.History;

namespace Orchestrator.Engine.Relaying;

/// <summary>
/// Brings answers that came over the broker to the calls that wait for them, by the id of the command. Safe for any
/// number of threads.
/// </summary>
public sealed partial class Replies(TimeProvider time, ILogger<Replies> logger)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Waiter> waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource> recording = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Answer Answer, DateTimeOffset At)> early = new(StringComparer.Ordinal);
    private long unexpected;

    /// <summary>Answers since the start of the process that no call waited for.</summary>
    public long Unexpected => Interlocked.Read(ref unexpected);

    /// <summary>True while an answer is matched and not yet on disk.</summary>
    internal bool IsRecording
    {
        get
        {
            lock (gate) return recording.Count > 0;
        }
    }

    /// <summary>
    /// Takes an answer. It is done with only when what it says is on disk, or when nobody waits for it: then it is
    /// counted and otherwise without effect.
    /// </summary>
    public async Task<ReplyFate> TakeAsync(StructuredEvent reply, CancellationToken cancel)
    {
        if (ReplyReader.Read(reply) is not { } read)
        {
            LogUnreadable(reply["id"] ?? "(unknown)", reply.Type ?? "(none)");
            return ReplyFate.Dropped;
        }

        if (!TryMatch(read.Command, read.Answer, out var recorded))
        {
            Interlocked.Increment(ref unexpected);
            LogUnexpected(read.Command, read.Answer.Status);
            return ReplyFate.Taken;
        }

        using var patience = new CancellationTokenSource(EngineLimits.ReplyPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            await recorded.UntilAsync(both.Token);
            return ReplyFate.Taken;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            lock (gate) recording.Remove(read.Command);
            return ReplyFate.Again;
        }
    }

    /// <summary>From now on an answer to the command is waited for; dispose what is returned once it is not.</summary>
    internal ReplyWait Expect(string command)
    {
        lock (gate)
        {
            if (early.Remove(command, out var kept) && time.GetUtcNow() - kept.At < EngineLimits.EarlyReplyAge)
                return new ReplyWait(Task.FromResult(kept.Answer), () => { });
            if (!waiting.TryGetValue(command, out var waiter)) waiting[command] = waiter = new Waiter();
            waiter.Count++;
            return new ReplyWait(waiter.Answer.Task, () => Leave(command, waiter));
        }
    }

    /// <summary>What was answered to a command is on disk.</summary>
    internal void Recorded(string sagaId, string step, CommandKind command, int extension)
    {
        TaskCompletionSource? recorded;
        lock (gate)
        {
            if (recording.Count == 0) return;
            recording.Remove($"{sagaId}/{CallNames.Of(step, command, extension)}", out recorded);
        }

        recorded?.TrySetResult();
    }

    /// <summary>Gives an answer to the call that waits for it; false when none does.</summary>
    private bool TryMatch(string command, Answer answer, out Task recorded)
    {
        lock (gate)
        {
            if (waiting.Remove(command, out var waiter))
            {
                if (!recording.TryGetValue(command, out var writing)) recording[command] = writing = NewSource();
                waiter.Answer.TrySetResult(answer);
                recorded = writing.Task;
                return true;
            }

            // A second delivery of an answer that is just being written.
            if (recording.TryGetValue(command, out var before))
            {
                recorded = before.Task;
                return true;
            }

            KeepEarly(command, answer);
            recorded = Task.CompletedTask;
            return false;
        }
    }

    // A slow broker answers an attempt after its timeout, between two attempts: what was said is still true of the next
    // one.
    private void KeepEarly(string command, Answer answer)
    {
        if (answer.Status is 202 or 408 or 410 or 425 or 429 or >= 500) return;
        var now = time.GetUtcNow();
        if (early.Count >= EngineLimits.MaxEarlyReplies)
        {
            foreach (var (old, kept) in early)
                if (now - kept.At >= EngineLimits.EarlyReplyAge)
                    early.Remove(old);
            if (early.Count >= EngineLimits.MaxEarlyReplies) return;
        }

        early[command] = (answer, now);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Leave(string command, Waiter waiter)
    {
        lock (gate)
        {
            if (--waiter.Count == 0 && waiting.GetValueOrDefault(command) == waiter) waiting.Remove(command);
        }
    }

    [LoggerMessage(1, LogLevel.Information,
        "An answer {Status} to {Command} came over the broker, and no call waits for it.")]
    private partial void LogUnexpected(string command, int status);

    [LoggerMessage(2, LogLevel.Warning,
        "The event {EventId} of type {Type} is no answer of a participant and was dropped.")]
    private partial void LogUnreadable(string eventId, string type);

    private sealed class Waiter
    {
        public TaskCompletionSource<Answer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count { get; set; }
    }
}

/// <summary>What the broker is told about an answer.</summary>
public enum ReplyFate
{
    /// <summary>It is done with.</summary>
    Taken,

    /// <summary>It is not recorded yet; deliver it again.</summary>
    Again,

    /// <summary>It is no answer.</summary>
    Dropped,
}

/// <summary>Waits for the answer to one command.</summary>
internal sealed class ReplyWait(Task<Answer> answer, Action leave) : IDisposable
{
    /// <summary>Completes when it comes.</summary>
    public Task<Answer> Answer { get; } = answer;

    /// <inheritdoc />
    public void Dispose() => leave();
}
