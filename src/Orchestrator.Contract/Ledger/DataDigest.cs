using System.Security.Cryptography;

namespace Orchestrator.Contract.Ledger;

/// <summary>Tells whether two commands bring the same data: SHA-256, 64 hexadecimal digits in lower case.</summary>
public static class DataDigest
{
    /// <summary>
    /// The digest of this value. Every attempt of a command sends the same bytes, but a broker's sidecar may write them
    /// anew, so the order of members, white space and the escaping of texts do not count.
    /// </summary>
    public static string Of(JsonData data) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(data).Span));
}
