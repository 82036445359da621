using System.Globalization;

namespace Orchestrator.Dapr.Framing;

/// <summary>The header <c>grpc-timeout</c>: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const long MostDigits = 99_999_999;

    /// <summary>
    /// A duration as text, rounded up to the finest unit that fits into eight digits. Throws
    /// <see cref="ArgumentOutOfRangeException" /> for zero and less.
    /// </summary>
    public static string Write(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        foreach (var (unit, ticks) in Units)
        {
            var count = (timeout.Ticks - 1) / ticks + 1;
            if (count <= MostDigits) return count.ToString(CultureInfo.InvariantCulture) + unit;
        }

        return MostDigits.ToString(CultureInfo.InvariantCulture) + "H";
    }

    /// <summary>Null when there is none or it cannot be read: then there is no limit.</summary>
    public static TimeSpan? Read(string? text)
    {
        if (text is not { Length: >= 2 and <= 9 }) return null;
        var unit = Array.FindIndex(Units, known => known.Unit == text[^1]);
        if (unit < 0 || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return null;
        return TimeSpan.FromTicks(count * Units[unit].Ticks);
    }

    private static readonly (char Unit, long Ticks)[] Units =
    [
        ('u', TimeSpan.TicksPerMicrosecond), ('m', TimeSpan.TicksPerMillisecond), ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute), ('H', TimeSpan.TicksPerHour),
    ];
}
