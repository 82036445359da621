using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>
/// The verb resolve: a person has found out what no participant answers. What a ledger can still say comes before the
/// person's word: the key is barred first, so that nothing runs behind it.
/// </summary>
internal static class Resolves
{
    /// <summary>Folds the verb.</summary>
    public static StartedSaga Requested(StartedSaga saga, ResolveRequested e)
    {
        var step = saga.Steps.FirstOrDefault(candidate => candidate.Definition.Name == e.Step);
        if (step is null || !IsAllowed(saga, step, e.As)) return saga;
        if (saga is Compensating) return Undone(saga, step);
        saga = Resends.UnderNextKey(saga, step, step.Data, e);
        var warning = $"{Text(e)}; it counts once the participant has barred it";
        var index = saga.Steps.FindIndex(candidate => candidate.Definition.Name == e.Step);
        return Apply(saga.With(saga.Steps[index] with { Warning = warning }), e.At);
    }

    /// <summary>The row of resolve in the table of verbs by phase.</summary>
    public static bool IsAllowed(StartedSaga saga, StepState step, Resolution resolution) => (saga, resolution) switch
    {
        (Finishing, Resolution.Done) =>
            step is { Definition.Kind: StepKind.Retriable, IsDone: false } && WasSent(saga, step),
        (Pivoting, Resolution.Done) =>
            step is { Definition.Kind: StepKind.Pivot, IsDone: false } && HasNoLedger(saga, step),
        (Pivoting, Resolution.Undone) =>
            step is { Definition.Kind: StepKind.Pivot, IsDone: false } && !HasNoLedger(saga, step),
        (Compensating, Resolution.Undone) => saga.KeysOf(step).Any(HasOpenUndo),
        _ => false,
    };

    /// <summary>
    /// A word that waits counts now: once every key that was sent is barred, or when the participant has shown that it
    /// has no ledger to bar it in.
    /// </summary>
    public static StartedSaga Apply(StartedSaga saga, DateTimeOffset at)
    {
        var step = saga.Steps.FirstOrDefault(candidate => candidate.Word is not null);
        if (step?.Word is not { } word || saga is Compensating or Ended) return saga;
        var believed = word.As == Resolution.Done && HasNoLedger(saga, step);
        if (saga.AwaitsBar(step) && !believed) return saga;
        return word.As == Resolution.Done
            ? Calls.GoOn(Done(saga, step, word, at), at)
            : Backward.Begin(saga.With(step with { Word = null, Warning = Text(word) }), Reason(step, word));
    }

    private static bool HasOpenUndo(StepState key) => key.OwesUndo && key.Undo is not CallState.NotSent;

    private static bool WasSent(StartedSaga saga, StepState step) =>
        saga.KeysOf(step).Any(key => key.Do is not CallState.NotSent);

    private static bool HasNoLedger(StartedSaga saga, StepState step) =>
        saga.KeysOf(step).Any(key => key.HasAnsweredWithoutLedger) && !saga.KeysOf(step).Any(key => key.HasLedger);

    private static StartedSaga Done(StartedSaga saga, StepState step, ResolveRequested word, DateTimeOffset at)
    {
        var done = step with
        {
            Do = new CallState.Answered(step.Do.Tally, new Verdict.Done(word.Output ?? JsonData.Null, null)),
            EndedAt = at,
            Warning = Text(word),
            Word = null,
        };
        // A participant without a ledger is believed at once; nobody waits for its undo any more.
        return saga.With(done).WithAll(key =>
            key.Definition.Name == step.Definition.Name && saga.IsFormer(key.Key) && key.OwesUndo
                ? key with { Undo = new CallState.Abandoned(key.Undo.Tally) }
                : key);
    }

    /// <summary>Those whose undo was sent; it goes on, and the saga waits for it no more.</summary>
    private static StartedSaga Undone(StartedSaga saga, StepState step) => saga.WithAll(
        key => key.Definition.Name == step.Definition.Name && HasOpenUndo(key) ? key with { IsResolved = true } : key);

    private static SagaReason Reason(StepState step, ResolveRequested word) =>
        new(ReasonCodes.Resolved, $"step {step.Definition.Name} was {Text(word)}", word.Actor);

    private static string Text(ResolveRequested word)
    {
        var text = $"resolved as {word.As.ToString().ToLowerInvariant()} by {word.Actor}";
        return string.IsNullOrWhiteSpace(word.Reason) ? text : $"{text}: {word.Reason}";
    }
}
