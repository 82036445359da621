using Orchestrator.Contract;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Audit;

/// <summary><c>GET /audit</c>: who asked for what, when, why, and what became of it.</summary>
internal sealed class AuditEndpoint(IAuditQueries audit)
{
    /// <summary>A page, newest first.</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        var wrong = PageQuery.TryRead(http.Request.QueryString, out var page, "actor", "verb", "saga", "definition");
        if (wrong is not null) return wrong;
        try
        {
            var found = await audit.ListAsync(
                new AuditFilter
                {
                    Actor = page["actor"],
                    Verb = page["verb"],
                    Saga = page["saga"],
                    Definition = page["definition"],
                    Cursor = page.Cursor,
                    Limit = page.Limit,
                },
                http.RequestAborted);
            var sight = Sight.Of(http);
            return JsonAnswer.Ok(
                new AuditListBody([.. found.Items.Select(entry => Body(entry, sight))], found.Next),
                WireJson.Types.AuditListBody);
        }
        catch (FormatException)
        {
            return PageQuery.NoCursor();
        }
    }

    private static AuditItemBody Body(AuditEntry entry, Sight sight) => new(
        entry.Seq,
        entry.Row.At,
        entry.Row.Actor,
        entry.Row.Verb,
        entry.Row.Target,
        entry.Row.Kind.ToString().ToLowerInvariant(),
        entry.Row.Definition,
        // An operator's words may repeat what is secret, here as in the history.
        Sight.Words(entry.Row.Reason, entry.Row.Reason is not null && sight.HidesWords(entry.Row.Definition)),
        Data(entry.Row.Before),
        Data(entry.Row.After),
        entry.Row.Code is null ? "accepted" : "refused",
        entry.Row.Code);

    private static JsonData? Data(string? json) => json is null ? null : JsonData.FromText(json);
}
