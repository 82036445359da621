using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Orchestrator.Contract;

/// <summary>Instants on the wire: RFC 3339, UTC, always with three digits of milliseconds.</summary>
public static class Instants
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly string[] Readable =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd't'HH:mm:ssK", "yyyy-MM-dd't'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Writes an instant; digits below a millisecond are cut off.</summary>
    public static string Write(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads an RFC 3339 instant with an offset or <c>Z</c>. A text without an offset is refused.</summary>
    public static bool TryRead([NotNullWhen(true)] string? text, out DateTimeOffset instant)
    {
        instant = default;
        if (text is null || text.Length is < 20 or > 40 || !HasOffset(text)) return false;
        return DateTimeOffset.TryParseExact(
            text.ToUpperInvariant(), Readable, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal,
            out instant);
    }

    /// <summary>Cuts an instant to whole milliseconds, the precision of everything that is stored or sent.</summary>
    public static DateTimeOffset ToMilliseconds(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    private static bool HasOffset(string text) =>
        text[^1] is 'Z' or 'z' || (text[^3] == ':' && text[^6] is '+' or '-');
}
