using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Service.Events;

/// <summary>
/// The token a sidecar sends when <c>APP_API_TOKEN</c> is set; compared in constant time. Without one, and where
/// everybody else has to sign in, only this machine is taken for the sidecar: whoever delivers an answer says what a
/// participant did.
/// </summary>
/// <param name="token">The token; null or empty when none is configured.</param>
/// <param name="isRequired">True where requests need a token.</param>
internal sealed class SidecarToken(string? token, bool isRequired)
{
    private const string Header = "dapr-api-token";

    private readonly byte[]? expected = string.IsNullOrEmpty(token) ? null : Digest(token);

    /// <summary>True when answers of this machine alone are taken, for want of a token.</summary>
    public bool TakesThisMachineAlone => expected is null && isRequired;

    /// <summary>True when a request may be the sidecar's.</summary>
    public bool Admits(HttpRequest request) => expected is null
        ? !isRequired || IsFromHere(request.HttpContext.Connection.RemoteIpAddress)
        : CryptographicOperations.FixedTimeEquals(Digest(request.Headers[Header].ToString()), expected);

    // A Unix socket has no address.
    private static bool IsFromHere(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
