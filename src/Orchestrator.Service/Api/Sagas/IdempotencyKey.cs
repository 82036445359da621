using System.Security.Cryptography;
using System.Text;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Reads <c>Idempotency-Key</c> and makes the digest a repeated request is recognised by.</summary>
internal static class IdempotencyKey
{
    /// <summary>The name of the header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The key, or null when there is none; a problem when it is none.</summary>
    public static Problem? TryRead(IHeaderDictionary headers, out string? key)
    {
        key = null;
        if (!headers.TryGetValue(Header, out var values)) return null;
        if (values is [{ Length: > 0 and <= ServiceLimits.IdempotencyKeyLength } only] && PrintableText.IsAscii(only))
        {
            key = only;
            return null;
        }

        return Problem.Of(
            StatusCodes.Status400BadRequest,
            ProblemCodes.BadIdempotencyKey,
            $"{Header} must be given once and have 1 to {ServiceLimits.IdempotencyKeyLength} printable ASCII "
            + "characters.");
    }

    /// <summary>SHA-256 over the query as it was sent, a NUL, and the body's bytes.</summary>
    public static byte[] Digest(QueryString query, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(query.Value ?? ""));
        hash.AppendData([0]);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
