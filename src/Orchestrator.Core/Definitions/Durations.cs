using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Orchestrator.Core.Definitions;

/// <summary>
/// Durations as people write them: <c>10m</c>, <c>200ms</c>, <c>1h30m</c>, or ISO 8601 (<c>PT10M</c>, <c>P1DT12H</c>,
/// <c>PT0.2S</c>). Precision one millisecond; longer than nothing, at most <see cref="DefinitionLimits.Duration" />.
/// </summary>
public static class Durations
{
    /// <summary>What to tell somebody whose text was not read.</summary>
    public const string Expected =
        "a duration such as 10m, 2s, 200ms, 1h30m or PT10M, longer than 0 and at most 365 days";

    private const int LongestText = 64;

    private static readonly (string Unit, long Milliseconds)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    /// <summary>
    /// Reads a duration. Units stand in falling order, each at most once, without blanks; in the short form in lower
    /// case and with whole numbers. Years, months and weeks are not read.
    /// </summary>
    public static bool TryRead([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null || text.Length is 0 or > LongestText) return false;
        var milliseconds = (text[0] == 'P' ? ReadIso(text) : ReadShort(text)) ?? 0;
        if (milliseconds <= 0 || milliseconds > DefinitionLimits.Duration.TotalMilliseconds) return false;
        duration = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    /// <summary>Writes the short form, for example <c>1h30m</c>; what is below a millisecond is cut off.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative.</exception>
    public static string Write(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var rest = duration.Ticks / TimeSpan.TicksPerMillisecond;
        if (rest == 0) return "0s";
        var written = new StringBuilder();
        foreach (var (unit, milliseconds) in Units)
        {
            if (rest / milliseconds > 0) written.Append(CultureInfo.InvariantCulture, $"{rest / milliseconds}{unit}");
            rest %= milliseconds;
        }

        return written.ToString();
    }

    private static long? ReadShort(ReadOnlySpan<char> text)
    {
        var total = 0L;
        var next = 0;
        while (!text.IsEmpty)
        {
            if (!TakeNumber(ref text, out var number)) return null;
            var letters = text.IndexOfAnyExceptInRange('a', 'z') is var end and >= 0 ? end : text.Length;
            var unit = IndexOf(text[..letters], next);
            if (unit < 0) return null;
            total += number * Units[unit].Milliseconds;
            text = text[letters..];
            next = unit + 1;
        }

        return total;
    }

    private static int IndexOf(ReadOnlySpan<char> unit, int from)
    {
        for (var i = from; i < Units.Length; i++)
        {
            if (unit.SequenceEqual(Units[i].Unit)) return i;
        }

        return -1;
    }

    /// <summary>P nD T nH nM nS, each part optional, at least one given, one after T.</summary>
    private static long? ReadIso(ReadOnlySpan<char> text)
    {
        text = text[1..];
        var total = 0L;
        var next = 0;
        var inTime = false;
        var any = false;
        while (!text.IsEmpty)
        {
            if (text[0] == 'T' && !inTime)
            {
                (inTime, any, next) = (true, false, 1);
                text = text[1..];
                continue;
            }

            if (!TakeNumber(ref text, out var number)) return null;
            var thousandths = 0L;
            var hasFraction = !text.IsEmpty && text[0] is '.' or ',';
            if (hasFraction && !TakeThousandths(ref text, out thousandths)) return null;
            if (text.IsEmpty) return null;
            var unit = inTime ? "HMS".IndexOf(text[0]) + 1 : text[0] == 'D' ? 0 : -1;
            if (inTime && unit == 0) return null;
            if (unit < next || (hasFraction && unit != 3)) return null;
            total += (number * Units[unit].Milliseconds) + thousandths;
            text = text[1..];
            next = unit + 1;
            any = true;
        }

        return any ? total : null;
    }

    /// <summary>At most 11 digits: times the milliseconds of a day that is below the largest long.</summary>
    private static bool TakeNumber(ref ReadOnlySpan<char> text, out long number)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length;
        number = 0;
        if (digits is 0 or > 11) return false;
        number = long.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        text = text[digits..];
        return true;
    }

    private static bool TakeThousandths(ref ReadOnlySpan<char> text, out long thousandths)
    {
        thousandths = 0;
        text = text[1..];
        var before = text.Length;
        if (!TakeNumber(ref text, out var number)) return false;
        var digits = before - text.Length;
        if (digits > 3) return false;
        for (thousandths = number; digits < 3; digits++) thousandths *= 10;
        return true;
    }
}
