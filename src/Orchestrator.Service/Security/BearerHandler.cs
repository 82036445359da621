using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Security;

/// <summary>
/// Takes <c>Authorization: Bearer</c> (RFC 6750): an API key, or a token of the identity provider. There are no
/// cookies, so no other site can act in a caller's name.
/// </summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    SecuritySettings settings, IEnumerable<OidcTokens> oidc)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "Bearer";

    private readonly OidcTokens? oidc = oidc.SingleOrDefault();

    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Token() is not { } token) return AuthenticateResult.NoResult();
        var caller = ApiKey.Find(settings.Keys, token) is { } key
            ? new Caller(key.Name, key.Grants)
            : oidc is null ? null : await oidc.FindAsync(token);
        return caller is null
            ? AuthenticateResult.Fail("The token is not accepted.")
            : AuthenticateResult.Success(new AuthenticationTicket(
                caller.ToPrincipal(SchemeName),
                new AuthenticationProperties { ExpiresUtc = caller.AcceptedUntil },
                SchemeName));
    }

    /// <inheritdoc />
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var hasToken = Token() is not null;
        Response.Headers.WWWAuthenticate = hasToken ? "Bearer error=\"invalid_token\"" : "Bearer";
        return Problem.Of(
            StatusCodes.Status401Unauthorized,
            ProblemCodes.Unauthenticated,
            hasToken
                ? "The token is not accepted: it is not known, has expired or is meant for another service. Send a "
                    + "valid one as \"Authorization: Bearer TOKEN\"."
                : "This service asks for a token. Send one as \"Authorization: Bearer TOKEN\": an API key, or a token "
                    + "of your identity provider.").ExecuteAsync(Context);
    }

    private string? Token()
    {
        const string prefix = SchemeName + " ";
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var token = header[prefix.Length..].Trim();
        return token.Length is > 0 and <= ServiceLimits.TokenLength ? token : null;
    }
}
