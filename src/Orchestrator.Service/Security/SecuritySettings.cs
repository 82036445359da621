using System.Collections.Immutable;

namespace Orchestrator.Service.Security;

/// <summary>What <c>Orchestrator:Security</c> configures, checked. Immutable.</summary>
internal sealed record SecuritySettings
{
    /// <summary>True when every request needs a token.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>The API keys.</summary>
    public ImmutableArray<ApiKey> Keys { get; init; } = [];

    /// <summary>The identity provider; null when there is none.</summary>
    public OidcSettings? Oidc { get; init; }

    /// <summary>Requests a caller may send in one second on average, 1 to 1,000,000; null for no limit.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>
    /// The hosts participants may have; empty when a definition may name any. <c>*.example.org</c> stands for every
    /// host below a domain, and a port after a colon for that port alone.
    /// </summary>
    public ImmutableArray<string> ParticipantHosts { get; init; } = [];

    /// <summary>Where the tokens are that participants ask for, by their names.</summary>
    public ImmutableDictionary<string, ParticipantToken> ParticipantTokens { get; init; } =
        ImmutableDictionary<string, ParticipantToken>.Empty;
}

/// <summary>An identity provider whose tokens are taken (OpenID Connect Discovery 1.0, RFC 7519). Immutable.</summary>
/// <param name="Issuer">Its address; its configuration is read below it.</param>
/// <param name="Audience">Who the tokens must be meant for.</param>
/// <param name="RolesClaim">The claim that lists roles or groups.</param>
/// <param name="NameClaim">The claim that names the caller.</param>
/// <param name="Roles">Which grants a value of the roles claim gives; a grant written out needs no entry.</param>
internal sealed record OidcSettings(
    Uri Issuer,
    string Audience,
    string RolesClaim,
    string NameClaim,
    ImmutableSortedDictionary<string, ImmutableArray<Grant>> Roles);
