using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Engine.Committing.Work;

/// <summary>
/// A call has come back, with an answer, or with none because nobody asks for it any more. An answer is never lost:
/// while the store cannot be written it waits.
/// </summary>
/// <param name="saga">Whose.</param>
/// <param name="sent">The call.</param>
/// <param name="answer">What was said, or null.</param>
/// <param name="retry">What an operator has put in the place of the step's retry policy; null for nothing.</param>
/// <param name="recorded">Called once it is on disk.</param>
internal sealed class AnswerWork(
    LiveSaga saga, CallSent sent, Answer? answer, RetryOverride? retry, Action recorded) : EngineWork
{
    private bool isBack;

    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        if (!isBack) sagas.CallIsBack(saga);
        isBack = true;
        if (answer is null || saga.IsGone || TurnBatch.StateOf(saga) is not { } state) return;
        batch.Take(saga, new CallAnswered
        {
            At = SagaTurn.InstantFor(state, batch.Now),
            Step = sent.Step,
            Command = sent.Command,
            Attempt = sent.Attempt,
            Answer = answer,
            Extension = sent.Extension,
            Retry = retry,
        });
    }

    public override void Committed() => recorded();

    public override bool Failed(string text) => true;

    public override void Broke(Exception exception)
    {
    }
}

/// <summary>A timer is due. It is never lost either.</summary>
internal sealed class TimerWork(LiveSaga saga, string timer) : EngineWork
{
    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        if (saga.IsGone || TurnBatch.StateOf(saga) is not { } state || state.IsClosed()) return;
        if (!state.OpenTimers().Any(open => open.Timer == timer)) return;
        batch.Take(saga, new TimerPassed { At = SagaTurn.InstantFor(state, batch.Now), Timer = timer });
    }

    public override bool Failed(string text) => true;

    public override void Broke(Exception exception)
    {
    }
}

/// <summary>An operator's verb.</summary>
internal sealed class VerbWork(LiveSaga saga, SagaVerb verb) : EngineWork
{
    private readonly TaskCompletionSource<VerbOutcome> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private VerbRuling.NotAllowed? refusal;

    public Task<VerbOutcome> Done => done.Task;

    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        refusal = null;
        if (TurnBatch.StateOf(saga) is not { } state || saga.IsGone)
        {
            // It was there when it was asked for. What took its place is found by who asks again.
            const string text = "The saga was read anew from the store, or goes on elsewhere. Try again in a moment.";
            done.TrySetResult(new VerbOutcome.Unavailable(text));
            return;
        }

        switch (VerbRules.Judge(state, verb, SagaTurn.InstantFor(state, batch.Now)))
        {
            case VerbRuling.Allowed allowed:
                batch.Take(saga, allowed.Event);
                break;
            case VerbRuling.NotAllowed notAllowed:
                refusal = notAllowed;
                break;
            default:
                throw new System.Diagnostics.UnreachableException("Unknown ruling.");
        }
    }

    public override void Committed() =>
        done.TrySetResult(refusal is null ? new VerbOutcome.Accepted(saga.State!) : new VerbOutcome.Refused(refusal));

    public override bool Failed(string text)
    {
        done.TrySetResult(new VerbOutcome.Unavailable(text));
        return false;
    }

    public override void Broke(Exception exception) => done.TrySetException(exception);
}
