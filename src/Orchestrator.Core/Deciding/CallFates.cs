using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>What is to become of a call that is recorded as sent and not yet on the wire.</summary>
public enum CallFate
{
    /// <summary>Send it.</summary>
    Send,

    /// <summary>Nobody asks for its answer any more: forget it.</summary>
    Drop,

    /// <summary>
    /// Do not send it, and record an answer with <see cref="Silence.Broken" />: an undo waits for the call's end, and
    /// whether an earlier process sent it is not known.
    /// </summary>
    CountAsBroken,
}

/// <summary>Rules for calls that wait for a place, or that a crash left without an answer.</summary>
public static class CallFates
{
    /// <summary>The fate of <paramref name="sent" />, given the saga as it is now.</summary>
    public static CallFate Of(StartedSaga saga, CallSent sent)
    {
        var step = saga.FindKey(sent.Step);
        // Answered, waiting for a later attempt, or overtaken by one: its answer would not count.
        if (step?.Of(sent.Command) is not CallState.Underway underway || underway.Tally.Attempt != sent.Attempt)
            return CallFate.Drop;
        if (saga is Ended) return sent.Command == CommandKind.Undo && step.OwesUndo ? CallFate.Send : CallFate.Drop;
        return sent.Command switch
        {
            CommandKind.Do when saga is not Compensating && !saga.IsFormer(step.Key) => CallFate.Send,
            CommandKind.Do when step.Definition.Kind != StepKind.Unarmed => CallFate.Drop,
            CommandKind.Do => sent.AskAt is null ? CallFate.CountAsBroken : CallFate.Send,
            CommandKind.Confirm => saga is Confirming ? CallFate.Send : CallFate.Drop,
            CommandKind.Undo => CallFate.Send,
            CommandKind.Extend =>
                saga is Doing && step.ExtendNumber == sent.Extension ? CallFate.Send : CallFate.Drop,
            _ => throw new UnreachableException($"Unknown command {sent.Command}."),
        };
    }
}
