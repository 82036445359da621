using Microsoft.AspNetCore.Authentication;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api;

namespace Orchestrator.Service.Security;

/// <summary>Wires who may ask for what.</summary>
internal static class SecuritySetup
{
    /// <summary>Adds what checks tokens.</summary>
    public static void AddSecurity(this IServiceCollection services, SecuritySettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<ParticipantHosts>();
        services.AddSingleton<ParticipantTokens>();
        services.AddSingleton<IParticipantTokens>(provider => provider.GetRequiredService<ParticipantTokens>());
        if (settings.Oidc is { } oidc) services.AddSingleton(new OidcTokens(oidc));
        services.AddAuthentication(BearerHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null);
        services.AddRateLimits(settings);
    }

    /// <summary>Asks for tokens from here on. After routing, before the addresses.</summary>
    public static void UseSecurity(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<SecuritySettings>();
        if (settings.IsRequired) app.UseAuthentication();
        if (settings.RequestsPerSecond is not null) app.UseRateLimiter();
        app.UseMiddleware<AccessMiddleware>();
    }

    /// <summary><c>GET /whoami</c>.</summary>
    public static void MapWhoami(this IEndpointRouteBuilder app) => app
        .MapGet("/whoami", (HttpContext http, SecuritySettings settings) => Answer(Caller.Of(http), settings))
        .WithTags("Service")
        .WithSummary("Who asks, and what they may do.")
        .Produces<WhoamiBody>();

    private static JsonAnswer<WhoamiBody> Answer(Caller caller, SecuritySettings settings) => JsonAnswer.Ok(
        new WhoamiBody(
            caller.Name,
            [.. caller.Grants.Select(grant => grant.ToString())],
            settings.IsRequired),
        WireJson.Types.WhoamiBody);
}

/// <summary>Answer of <c>GET /whoami</c>.</summary>
/// <param name="Actor">Whose token it is; null where none is required.</param>
/// <param name="Roles">What it grants, such as <c>operator</c> or <c>starter@place-order</c>.</param>
/// <param name="Required">True when every request needs a token.</param>
internal sealed record WhoamiBody(string? Actor, IReadOnlyList<string> Roles, bool Required);
