using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orchestrator.Participant.Http;

/// <summary>
/// Compares the caller's token in constant time, whatever its length. A caller is admitted by the option's token, or by
/// the one that the sidecar sends when <c>APP_API_TOKEN</c> is configured.
/// </summary>
internal sealed class TokenCheck
{
    private const string Bearer = "Bearer ";
    private const string DaprHeader = "dapr-api-token";

    private readonly byte[]? expected;
    private readonly byte[]? sidecars;

    public TokenCheck(IOptions<SagaParticipantOptions> options, IServiceProvider services)
    {
        if (options.Value.Token is { } token) expected = Digest(token);
        if (services.GetService<IConfiguration>()?["APP_API_TOKEN"] is { Length: > 0 } sidecar)
            sidecars = Digest(sidecar);
    }

    internal bool Admits(HttpRequest request)
    {
        if (expected is null && sidecars is null) return true;
        var authorization = request.Headers.Authorization.ToString();
        var bearer = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim() : "";
        var header = request.Headers[DaprHeader].ToString();
        return Matches(bearer, expected) | Matches(header, expected) | Matches(header, sidecars);
    }

    private static bool Matches(string token, byte[]? wanted) =>
        wanted is not null && CryptographicOperations.FixedTimeEquals(Digest(token), wanted);

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
