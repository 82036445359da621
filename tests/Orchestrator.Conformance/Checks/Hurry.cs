using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Conformance.Wire;

namespace Orchestrator.Conformance.Checks;

/// <summary>
/// Many who do and undo steps of their own, one command after the other without a pause: whenever the participant is
/// killed meanwhile, each of them has a command under way. Only what was under way is shown in the report.
/// </summary>
internal sealed class Hurry(Trial trial, OfferedStep step) : IDisposable
{
    private readonly CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(trial.Cancel);
    private readonly SemaphoreSlim answers = new(0);
    private IReadOnlyList<Task<Last>> all = [];

    /// <summary>Begins, and returns once as many answers have come as there are senders.</summary>
    internal async Task BeginAsync(CancellationToken cancel)
    {
        all = [.. Enumerable.Range(0, KitLimits.Crowd).Select(_ => SendAsync())];
        for (var i = 0; i < KitLimits.Crowd; i++) await answers.WaitAsync(cancel);
    }

    /// <summary>Ends; what each had under way when the participant was killed.</summary>
    internal async Task<IReadOnlyList<Last>> EndAsync()
    {
        await over.CancelAsync();
        var ends = await Task.WhenAll(all);
        if (ends.All(end => !end.IsUnanswered))
            throw new TooSlowException("nothing was under way when the participant was killed");
        return ends;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        over.Dispose();
        answers.Dispose();
    }

    /// <summary>Until an answer is missing, which is the kill.</summary>
    private async Task<Last> SendAsync()
    {
        StepKey? before = null;
        while (true)
        {
            var key = trial.NewSaga(step);
            trial.WillUndo(key);
            var done = await AskAsync(key.Do());
            if (done is null || over.IsCancellationRequested) return new Last(key, done, before, false, done is null);
            var undone = await AskAsync(key.Undo());
            var isOver = undone is null || over.IsCancellationRequested;
            if (isOver) return new Last(key, done, before, true, undone is null);
            trial.StaysDone(key);
            before = key;
        }
    }

    /// <summary>Null when no answer comes.</summary>
    private async Task<Sent?> AskAsync(Command command)
    {
        while (true)
        {
            var reply = await trial.Run.Client.SendAsync(command, trial.Cancel);
            if (reply.Failure is not null) return null;
            answers.Release();
            var sent = new Sent(trial, new Exchange(command.Describe()) { Came = reply.Describe() }, reply);
            if (!reply.IsUnknown) return sent.Answers(200);
            await trial.PauseAsync(KitLimits.ResendPause);
        }
    }

    /// <summary>What somebody sent last.</summary>
    /// <param name="Key">The step.</param>
    /// <param name="Done">The answer to its do; null when none came.</param>
    /// <param name="Before">The step before it, which was undone with an answer; null when there was none.</param>
    /// <param name="IsUndo">Whether its undo was sent.</param>
    /// <param name="IsUnanswered">Whether the answer to what was sent last is missing.</param>
    internal sealed record Last(StepKey Key, Sent? Done, StepKey? Before, bool IsUndo, bool IsUnanswered);
}
