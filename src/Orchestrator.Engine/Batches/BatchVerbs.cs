using Orchestrator.Core.Deciding;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Batches;

/// <summary>The verbs a batch can have.</summary>
public static class BatchVerbs
{
    /// <summary>Undoes everything.</summary>
    public const string Cancel = "cancel";

    /// <summary>Sends now what waits.</summary>
    public const string Retry = "retry";

    /// <summary>Holds back everything but undos.</summary>
    public const string Suspend = "suspend";

    /// <summary>Lets suspended sagas go on.</summary>
    public const string Resume = "resume";

    /// <summary>Postpones deadlines.</summary>
    public const string Extend = "extend";

    /// <summary>Sends a step again.</summary>
    public const string Resend = "resend";

    /// <summary>Takes a person's word for a step.</summary>
    public const string Resolve = "resolve";

    /// <summary>Runs ended sagas again.</summary>
    public const string Rerun = "rerun";

    /// <summary>Deletes ended sagas.</summary>
    public const string Delete = "delete";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Cancel, Retry, Suspend, Resume, Extend, Resend, Resolve, Rerun, Delete];

    /// <summary>The verb on one saga; null for those that are not recorded in its own history first.</summary>
    internal static SagaVerb? Of(BatchRow batch, BatchArgs args)
    {
        SagaVerb? verb = batch.Verb switch
        {
            Cancel => new SagaVerb.Cancel { Actor = batch.Actor },
            Retry => new SagaVerb.Retry { Actor = batch.Actor },
            Suspend => new SagaVerb.Suspend { Actor = batch.Actor },
            Resume => new SagaVerb.Resume { Actor = batch.Actor },
            Extend => new SagaVerb.Extend { Actor = batch.Actor, ExpiresAt = args.ExpiresAt!.Value },
            Resend => new SagaVerb.Resend { Actor = batch.Actor, Step = args.Step!, Data = args.Data },
            Resolve => new SagaVerb.Resolve
            {
                Actor = batch.Actor,
                Step = args.Step!,
                As = args.As!.Value,
                Output = args.Output,
            },
            Rerun or Delete => null,
            _ => throw new System.Diagnostics.UnreachableException($"Unknown verb {batch.Verb}."),
        };
        return verb is null ? null : verb with { Reason = batch.Reason, Batch = batch.Id };
    }
}
