using System.Text;

namespace Orchestrator.Contract;

/// <summary>
/// One JSON value as the UTF-8 bytes it arrived in, without the white space around it. The bytes are passed on
/// untouched: an attempt that is repeated sends the same bytes, also after they were stored inside other JSON and read
/// back. Immutable and safe for any number of threads.
/// </summary>
/// <remarks>
/// The type does not check that the bytes are JSON; whoever makes one from outside input has to. The default value is
/// <c>null</c>.
/// </remarks>
public readonly struct JsonData : IEquatable<JsonData>
{
    private static readonly byte[] NullBytes = "null"u8.ToArray();

    private readonly ReadOnlyMemory<byte> utf8;

    /// <summary>Wraps bytes that are known to be one JSON value. The caller does not change them afterwards.</summary>
    public JsonData(ReadOnlyMemory<byte> utf8) => this.utf8 = utf8.Trim(" \t\r\n"u8);

    /// <summary>The JSON literal <c>null</c>.</summary>
    public static JsonData Null => default;

    /// <summary>The bytes; never empty.</summary>
    public ReadOnlyMemory<byte> Utf8 => utf8.IsEmpty ? NullBytes : utf8;

    /// <summary>True for the literal <c>null</c>, and only for that.</summary>
    public bool IsNull => Utf8.Span.SequenceEqual(NullBytes);

    /// <summary>Wraps a text that is known to be one JSON value.</summary>
    public static JsonData FromText(string json) => new(Encoding.UTF8.GetBytes(json));

    /// <inheritdoc />
    public bool Equals(JsonData other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is JsonData other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    /// <summary>The value as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>Equality by bytes.</summary>
    public static bool operator ==(JsonData left, JsonData right) => left.Equals(right);

    /// <summary>Inequality by bytes.</summary>
    public static bool operator !=(JsonData left, JsonData right) => !left.Equals(right);
}
