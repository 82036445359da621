using System.Text;

namespace Orchestrator.Dapr.Framing;

/// <summary>
/// The text of a gRPC status: UTF-8, with % and two hexadecimal digits for all that is not printable ASCII.
/// </summary>
internal static class PercentText
{
    /// <summary>
    /// Never throws: a % that is followed by something else stands for itself, bytes that are no UTF-8 become U+FFFD.
    /// At most <see cref="DaprLimits.MaxErrorText" /> characters.
    /// </summary>
    public static string Decode(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1])
                && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[count++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                i += 2;
                continue;
            }

            var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
                ? 2
                : 1;
            count += Encoding.UTF8.GetBytes(text.AsSpan(i, length), bytes.AsSpan(count));
            i += length - 1;
        }

        return Shorten(Encoding.UTF8.GetString(bytes, 0, count));
    }

    /// <summary>The inverse of <see cref="Decode" />.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (value is >= 0x20 and <= 0x7E && value != (byte)'%') encoded.Append((char)value);
            else encoded.Append('%').Append(value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>At most <see cref="DaprLimits.MaxErrorText" /> characters of a text.</summary>
    public static string Shorten(string text) =>
        text.Length <= DaprLimits.MaxErrorText ? text : text[..DaprLimits.MaxErrorText] + "...";
}
