using Microsoft.AspNetCore.Authentication;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Security;

/// <summary>
/// Lets a request in when its caller has the role its address needs, somewhere; whether that holds for the saga it is
/// about is asked by the address itself, which knows the definition. An address that names no role needs an admin.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, SecuritySettings settings)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!settings.IsRequired || http.GetEndpoint() is not { } endpoint || IsOpen(endpoint))
        {
            await next(http);
            return;
        }

        if (http.User.Identity is not { IsAuthenticated: true })
        {
            await http.ChallengeAsync();
            return;
        }

        var role = endpoint.Metadata.GetMetadata<NeededRole>()?.Role ?? SagaRole.Admin;
        if (Caller.Of(http).MaySomewhere(role)) await next(http);
        else await Forbidden(role, null).ExecuteAsync(http);
    }

    /// <summary>The answer to somebody who may not.</summary>
    public static Problem Forbidden(SagaRole role, string? definition) => Problem.Of(
        StatusCodes.Status403Forbidden,
        ProblemCodes.Forbidden,
        $"This needs the role {new Grant(role, definition)}, which your token does not have. Ask an admin for it.");

    private static bool IsOpen(Endpoint endpoint) => endpoint.Metadata.GetMetadata<OpenToAll>() is not null;
}

/// <summary>The role an address needs.</summary>
internal sealed record NeededRole(SagaRole Role);

/// <summary>An address that asks for no token: it tells nothing, or asks for one of its own.</summary>
internal sealed record OpenToAll;

/// <summary>Says at an address who may use it.</summary>
internal static class AccessMetadata
{
    /// <summary>Needs a role.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder route, SagaRole role)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NeededRole(role));

    /// <summary>Asks for no token.</summary>
    public static TBuilder OpenToAll<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new OpenToAll());

    /// <summary>The answer to a caller who may not do something with sagas of a definition; null when they may.</summary>
    public static Problem? Refuse(this HttpContext http, SagaRole role, string? definition) =>
        Caller.Of(http).May(role, definition) ? null : AccessMiddleware.Forbidden(role, definition);
}
