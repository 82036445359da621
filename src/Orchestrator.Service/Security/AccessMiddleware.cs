using Microsoft.AspNetCore.Authentication;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Service.Api;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Security;

/// <summary>
/// Lets a request in when its caller has the role its address needs, for the definition it is about. The token's
/// subject takes the place of <c>X-Actor</c>, so that nobody acts in another's name.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, SecuritySettings settings, ISagaEngine engine)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (IsForged(http.Request))
        {
            const string text =
                "Another site sent this request through a browser. Use the pages of the service itself.";
            await AccessProblems.Forbidden(text).ExecuteAsync(http);
            return;
        }

        if (!settings.IsRequired || http.GetEndpoint() is null || AccessTable.IsOpen(http))
        {
            await next(http);
            return;
        }

        if (http.User.Identity is not { IsAuthenticated: true })
        {
            await http.ChallengeAsync();
            return;
        }

        var caller = Caller.Of(http);
        http.Request.Headers[ActorHeader.Header] = caller.Name;
        if (await RefuseAsync(http, caller) is { } refusal) await refusal.ExecuteAsync(http);
        else await next(http);
    }

    /// <summary>
    /// A page of another site cannot send a token, but where none is asked for it could start sagas: browsers say where
    /// a request comes from (Fetch Metadata Request Headers, W3C).
    /// </summary>
    private static bool IsForged(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
        && request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";

    private async Task<Problem?> RefuseAsync(HttpContext http, Caller caller)
    {
        if (AccessTable.RoleOf(http) is not { } role || caller.May(role, null)) return null;
        if (!caller.MaySomewhere(role)) return AccessProblems.Needs(new Grant(role, null));
        if (AccessTable.JudgesEachSaga(http)) return null;
        // A role for one definition alone: whatever is not about one definition is not covered by it.
        return await DefinitionOfAsync(http) is { } definition
            ? caller.May(role, definition) ? null : AccessProblems.Needs(new Grant(role, definition))
            : AccessProblems.ForOneDefinition(role);
    }

    private async Task<string?> DefinitionOfAsync(HttpContext http)
    {
        var values = http.Request.RouteValues;
        if (values.TryGetValue("definition", out var definition)) return definition as string;
        if (http.Request.Path.StartsWithSegments("/definitions", StringComparison.Ordinal))
            return values.TryGetValue("name", out var name) ? name as string : null;
        var isSaga = http.Request.Path.StartsWithSegments("/sagas", StringComparison.Ordinal);
        if (isSaga && values.TryGetValue("id", out var id))
            // A saga nobody knows is of no definition anybody has a role for.
            return (await engine.FindAsync((string)id!, http.RequestAborted) as StartedSaga)?.Start.Definition ?? "";
        return AccessTable.IsNarrowed(http) && http.Request.Query["definition"] is [{ Length: > 0 } asked]
            ? asked
            : null;
    }
}
