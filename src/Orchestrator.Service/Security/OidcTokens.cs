using System.Collections.Immutable;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Orchestrator.Service.Security;

/// <summary>
/// Checks tokens of an identity provider: signature by its published keys, issuer, audience and lifetime. Its keys are
/// read once and again when one is not known. Safe for any number of threads.
/// </summary>
internal sealed class OidcTokens
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private readonly OidcSettings settings;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> provider;
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };

    public OidcTokens(OidcSettings settings)
    {
        this.settings = settings;
        var address = settings.Issuer.ToString().TrimEnd('/') + "/.well-known/openid-configuration";
        provider = new ConfigurationManager<OpenIdConnectConfiguration>(
            address,
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever { RequireHttps = settings.Issuer.Scheme == Uri.UriSchemeHttps });
    }

    /// <summary>Who the token is of; null when it is not accepted.</summary>
    public async Task<Caller?> FindAsync(string token)
    {
        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = settings.Issuer.ToString().TrimEnd('/'),
            IssuerValidator = (issuer, _, _) => issuer.TrimEnd('/') == settings.Issuer.ToString().TrimEnd('/')
                ? issuer
                : throw new SecurityTokenInvalidIssuerException("The token is of another issuer."),
            ValidAudience = settings.Audience,
            ConfigurationManager = provider,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = Skew,
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken read) return null;
        var name = read.TryGetClaim(settings.NameClaim, out var claim) ? claim.Value : read.Subject;
        var isName = name is { Length: > 0 and <= ServiceLimits.ActorLength } && Api.PrintableText.IsAscii(name);
        return isName ? new Caller(name, Grants(read)) { AcceptedUntil = EndOf(read) } : null;
    }

    private static DateTimeOffset EndOf(JsonWebToken token) =>
        new DateTimeOffset(DateTime.SpecifyKind(token.ValidTo, DateTimeKind.Utc)) + Skew;

    private ImmutableArray<Grant> Grants(JsonWebToken token) =>
    [
        .. token.Claims.Where(claim => claim.Type == settings.RolesClaim).SelectMany(claim => GrantsOf(claim.Value)),
    ];

    // A value that means nothing here is a role of another service.
    private ImmutableArray<Grant> GrantsOf(string value)
    {
        if (settings.Roles.TryGetValue(value, out var grants)) return grants;
        return settings.Roles.Count == 0 && Grant.TryRead(value, out var grant) ? [grant] : [];
    }
}
