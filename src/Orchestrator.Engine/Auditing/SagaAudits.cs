using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Auditing;

/// <summary>
/// The audit entries of verbs on sagas. They are made of the very events a commit writes, so no verb is recorded
/// without one, whichever engine decided it.
/// </summary>
internal static class SagaAudits
{
    /// <summary>The entry of one verb.</summary>
    /// <param name="e">The verb.</param>
    /// <param name="before">The saga before the turn; null when the turn begins it.</param>
    /// <param name="after">The saga after it.</param>
    public static AuditRow Of(VerbRequested e, StartedSaga? before, StartedSaga after) => new()
    {
        At = e.At,
        Actor = e.Actor,
        Verb = WordOf(e),
        Kind = AuditKind.Saga,
        Target = after.Start.SagaId,
        Definition = after.Start.Definition,
        Reason = e.Reason,
        Before = before is null ? null : AuditJson.Of(writer => Write(writer, before)),
        After = AuditJson.Of(writer => Write(writer, e, after)),
    };

    /// <summary>What is known of a saga that is deleted.</summary>
    public static string Deleted(StartedSaga saga) => AuditJson.Of(writer => Write(writer, saga));

    private static void Write(Utf8JsonWriter writer, StartedSaga saga)
    {
        writer.WriteString("phase", saga.Phase().ToString().ToLowerInvariant());
        writer.WriteBoolean("stuck", saga.IsStuck());
        writer.WriteBoolean("suspended", saga.Suspended);
        writer.WriteString("expiresAt", Instants.Write(saga.ExpiresAt));
    }

    // What was sent instead of the old data is in the history, for those who may read it.
    private static void Write(Utf8JsonWriter writer, VerbRequested e, StartedSaga saga)
    {
        Write(writer, saga);
        switch (e)
        {
            case ExtendRequested extend:
                writer.WriteString("asked", Instants.Write(extend.ExpiresAt));
                break;
            case ResendRequested resend:
                writer.WriteString("step", resend.Step);
                writer.WriteBoolean("otherData", resend.Data is not null);
                break;
            case ResolveRequested resolve:
                writer.WriteString("step", resolve.Step);
                writer.WriteString("as", resolve.As.ToString().ToLowerInvariant());
                break;
            case RerunRequested rerun:
                writer.WriteString("rerunAs", rerun.RerunAs);
                break;
            case RetryRequested retry:
                if (retry.Participant is not null) writer.WriteString("participant", retry.Participant);
                break;
            case CancelRequested or SuspendRequested or ResumeRequested or TerminateRequested:
                break;
            default:
                throw new UnreachableException($"Unknown verb {e.GetType().Name}.");
        }

        if (e.Batch is { } batch) writer.WriteString("batch", batch);
    }

    private static string WordOf(VerbRequested e) => e switch
    {
        CancelRequested => "cancel",
        RetryRequested => "retry",
        SuspendRequested => "suspend",
        ResumeRequested => "resume",
        TerminateRequested => "terminate",
        ExtendRequested => "extend",
        ResendRequested => "resend",
        ResolveRequested => "resolve",
        RerunRequested => "rerun",
        _ => throw new UnreachableException($"Unknown verb {e.GetType().Name}."),
    };
}
