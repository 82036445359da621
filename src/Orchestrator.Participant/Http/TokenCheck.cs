using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Orchestrator.Participant.Http;

/// <summary>Compares the caller's token in constant time, whatever its length.</summary>
internal sealed class TokenCheck(IOptions<SagaParticipantOptions> options)
{
    private const string Bearer = "Bearer ";
    private const string DaprHeader = "dapr-api-token";

    private readonly byte[]? expected = options.Value.Token is { } token ? Digest(token) : null;

    internal bool Admits(HttpRequest request)
    {
        if (expected is null) return true;
        var authorization = request.Headers.Authorization.ToString();
        var bearer = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim() : "";
        return Matches(bearer) | Matches(request.Headers[DaprHeader].ToString());
    }

    private bool Matches(string token) => CryptographicOperations.FixedTimeEquals(Digest(token), expected);

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
