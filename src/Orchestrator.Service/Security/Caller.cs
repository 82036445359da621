using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Orchestrator.Service.Security;

/// <summary>Who asks and what they may do. Immutable.</summary>
/// <param name="Name">The token's subject; null where nobody has to sign in.</param>
/// <param name="Grants">What they may do.</param>
internal sealed record Caller(string? Name, ImmutableArray<Grant> Grants)
{
    /// <summary>The claim that carries a grant.</summary>
    public const string GrantClaim = "orchestrator:grant";

    /// <summary>
    /// From when on the token is not accepted any more; null when it is as long as the process runs, such as a key of
    /// the configuration.
    /// </summary>
    public DateTimeOffset? AcceptedUntil { get; init; }

    /// <summary>Where no token is required everybody may do everything.</summary>
    public static Caller Anybody { get; } = new(null, [new Grant(SagaRole.Admin, null)]);

    /// <summary>
    /// True when they may do what the role may with sagas of a definition, or, with null, everywhere.
    /// </summary>
    public bool May(SagaRole role, string? definition) => Grants.Any(grant => grant.Covers(role, definition));

    /// <summary>True when they may do it somewhere.</summary>
    public bool MaySomewhere(SagaRole role) => Grants.Any(grant => grant.Role >= role);

    /// <summary>The caller of a request that was let in.</summary>
    public static Caller Of(HttpContext http) => http.User.Identity is { IsAuthenticated: true, Name: { } name }
        ? new Caller(name, [.. http.User.FindAll(GrantClaim).Select(Read)])
        {
            AcceptedUntil = http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc,
        }
        : Anybody;

    /// <summary>The caller as ASP.NET carries one.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, Name ?? ""), .. Grants.Select(grant => new Claim(GrantClaim, grant.ToString()))],
        scheme));

    private static Grant Read(Claim claim) => Grant.TryRead(claim.Value, out var grant)
        ? grant
        : throw new System.Diagnostics.UnreachableException("A grant of our own cannot be read.");
}
