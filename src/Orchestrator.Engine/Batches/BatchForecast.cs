using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Batches;

/// <summary>
/// Says what a verb would do to one saga, in words that are the same for all sagas it does the same to, written as
/// <see cref="EffectWords" /> reads them.
/// </summary>
internal sealed class BatchForecast(SagaReads reads, Reruns reruns, TimeProvider time)
{
    /// <summary>The effect, or the code of the refusal.</summary>
    public async Task<(string? Effect, string? Code)> OfAsync(
        SagaSummary saga, BatchRow batch, BatchArgs args, CancellationToken cancel)
    {
        var isClosed = saga.EndedAt is not null && !saga.Unverified;
        switch (batch.Verb)
        {
            case BatchVerbs.Delete:
                return isClosed ? ("[is|are] deleted for good", null)
                    : (null, saga.Unverified ? VerbCodes.Unverified : VerbCodes.StillRunning);
            case BatchVerbs.Rerun:
                return await reads.FindAsync(saga.Id, cancel) is not { } ended ? Gone()
                    : await reruns.WhyNotAsync(ended, args.Force, cancel) is { } no ? (null, no.Code)
                    : ("[starts|start] a new saga[| each]", null);
            default:
                // Nobody has to read the history of a saga that has ended to know that.
                if (isClosed) return (null, VerbCodes.Finished);
                if (await reads.FindAsync(saga.Id, cancel) is not { } found) return Gone();
                var verb = BatchVerbs.Of(batch, args)!;
                return VerbRules.Judge(found, verb, time.GetUtcNow()) is VerbRuling.NotAllowed refused
                    ? (null, refused.Code)
                    : (EffectOf(found, verb), null);
        }
    }

    private static (string? Effect, string? Code) Gone() => (null, BatchCodes.NotFound);

    private static string EffectOf(StartedSaga saga, SagaVerb verb) => verb switch
    {
        SagaVerb.Cancel when saga is Compensating => "[is|are] being undone already",
        SagaVerb.Cancel => Count(
            saga.Steps.Count(IsToUndo), "[ends|end] without anything to undo", "[undoes|undo] 1 step",
            "[undoes|undo] {0} steps[| each]"),
        SagaVerb.Retry => Count(
            saga.Steps.Sum(Waiting), "[has|have] nothing that waits", "[sends|send] 1 waiting call now",
            "[sends|send] {0} waiting calls now[| each]"),
        SagaVerb.Suspend when saga.Suspended => "[is|are] suspended already",
        SagaVerb.Suspend when saga is Compensating => "[is|are] being undone, which nothing holds back",
        SagaVerb.Suspend =>
            "[holds still until it is resumed; its deadline still counts|"
            + "hold still until they are resumed; their deadlines still count]",
        SagaVerb.Resume when saga.Suspended => "[goes|go] on",
        SagaVerb.Resume => "[was|were] not suspended",
        SagaVerb.Extend extend => Count(
            saga.Steps.Count(step => step is { IsArmed: true, Do: not CallState.NotSent }),
            $"[has|have] until {Instants.Write(extend.ExpiresAt)} then",
            $"[asks|ask] 1 participant to hold on until {Instants.Write(extend.ExpiresAt)}",
            $"[asks|ask] {{0}} participants[| each] to hold on until {Instants.Write(extend.ExpiresAt)}"),
        SagaVerb.Resend { Data: null } resend => $"[sends|send] step {resend.Step} again",
        SagaVerb.Resend resend => $"[sends|send] step {resend.Step} with the other data, once the old call is barred",
        SagaVerb.Resolve resolve =>
            $"[counts|count] step {resolve.Step} as {resolve.As.ToString().ToLowerInvariant()} on your word",
        _ => throw new UnreachableException($"Unknown verb {verb.GetType().Name}."),
    };

    private static bool IsToUndo(StepState step) =>
        step.View() is not (StepView.Pending or StepView.Refused or StepView.Undone);

    private static int Waiting(StepState step) =>
        (step.Do is CallState.Waiting ? 1 : 0) + (step.Confirm is CallState.Waiting ? 1 : 0)
        + (step.Undo is CallState.Waiting ? 1 : 0);

    private static string Count(int count, string none, string one, string many) => count switch
    {
        0 => none,
        1 => one,
        _ => string.Format(System.Globalization.CultureInfo.InvariantCulture, many, count),
    };
}
