using Orchestrator.Contract;
using Orchestrator.Engine.Auditing;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Audit;

/// <summary>
/// Puts verbs that were refused into the audit list: those the caller has not the role for, and those the state of
/// things does not allow. What is accepted is there by the commit that does it.
/// </summary>
internal sealed class RefusalMiddleware(
    RequestDelegate next, IAuditTrail trail, SecuritySettings settings, TimeProvider time)
{
    private const int LongestTarget = 200;

    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (Problem.AnsweredTo(http) is not { } problem) return;
        if (problem.Status is not (StatusCodes.Status403Forbidden or StatusCodes.Status409Conflict)) return;
        if (AuditedVerb.Of(http) is not { } verb || ActorOf(http) is not { } actor) return;
        var target = verb.TargetOf(http);
        trail.Refused(new AuditRow
        {
            At = Instants.ToMilliseconds(time.GetUtcNow()),
            Actor = actor,
            Verb = verb.Verb,
            Kind = verb.Kind,
            Target = target.Length > LongestTarget ? target[..LongestTarget] : target,
            Definition = verb.Kind == AuditKind.Definition ? target : null,
            Reason = VerbBody.ReasonOf(http),
            Code = problem.Code,
        });
    }

    /// <summary>Nobody is written down on the word of somebody who has not signed in where that is asked for.</summary>
    private string? ActorOf(HttpContext http)
    {
        if (settings.IsRequired) return Caller.Of(http).Name;
        return ActorHeader.TryRead(http.Request.Headers, out var actor) is null ? actor : null;
    }
}
