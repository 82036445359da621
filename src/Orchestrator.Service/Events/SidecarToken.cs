using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Service.Events;

/// <summary>The token a sidecar sends when <c>APP_API_TOKEN</c> is set; compared in constant time.</summary>
internal sealed class SidecarToken(string? token)
{
    private const string Header = "dapr-api-token";

    private readonly byte[]? expected = string.IsNullOrEmpty(token) ? null : Digest(token);

    /// <summary>True when it fits, or none is configured.</summary>
    public bool Admits(HttpRequest request) =>
        expected is null
        || CryptographicOperations.FixedTimeEquals(Digest(request.Headers[Header].ToString()), expected);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
