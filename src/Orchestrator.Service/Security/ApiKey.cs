using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Service.Security;

/// <summary>
/// A key of the configuration: its SHA-256, never the key. A key is 32 random bytes, so a fast digest without salt
/// cannot be searched. Immutable.
/// </summary>
/// <param name="Name">Whose it is; recorded as the actor.</param>
/// <param name="Hash">SHA-256 of the key's UTF-8 text.</param>
/// <param name="Grants">What it allows.</param>
internal sealed record ApiKey(string Name, ImmutableArray<byte> Hash, ImmutableArray<Grant> Grants)
{
    private const string Prefix = "sk_";
    private const int Bytes = 32;

    /// <summary>A new key and what the configuration is told of it.</summary>
    public static (string Key, string Hash) Make()
    {
        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        return (key, Convert.ToHexStringLower(Digest(key)));
    }

    /// <summary>Reads the digest of a key, 64 hexadecimal digits.</summary>
    public static bool TryReadHash(string text, out ImmutableArray<byte> hash)
    {
        hash = [];
        if (text.Length != SHA256.HashSizeInBytes * 2 || !text.All(char.IsAsciiHexDigit)) return false;
        hash = [.. Convert.FromHexString(text)];
        return true;
    }

    /// <summary>
    /// The key among several whose digest fits; null when none does. Every one is compared, each in constant time.
    /// </summary>
    public static ApiKey? Find(ImmutableArray<ApiKey> keys, string token)
    {
        var digest = Digest(token);
        ApiKey? found = null;
        foreach (var key in keys)
            if (CryptographicOperations.FixedTimeEquals(key.Hash.AsSpan(), digest))
                found = key;
        return found;
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
