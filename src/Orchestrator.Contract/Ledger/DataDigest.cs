using System.Security.Cryptography;

namespace Orchestrator.Contract.Ledger;

/// <summary>Tells whether two commands bring the same data: SHA-256 over the bytes, 64 hexadecimal digits in lower case.</summary>
public static class DataDigest
{
    /// <summary>The digest of these bytes. Every attempt of a command sends the same bytes, so nothing is normalised.</summary>
    public static string Of(JsonData data) => Convert.ToHexStringLower(SHA256.HashData(data.Utf8.Span));
}
