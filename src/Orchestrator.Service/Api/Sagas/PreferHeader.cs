using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>
/// Reads <c>Prefer: wait=10</c> (RFC 7240). Preferences that are not understood are ignored, as the RFC asks.
/// </summary>
internal static class PreferHeader
{
    /// <summary>
    /// How long to wait, at most <see cref="ServiceLimits.LongestWait" />; null when no wait is asked for.
    /// </summary>
    public static TimeSpan? Wait(StringValues header)
    {
        foreach (var line in header)
        {
            if (line is null) continue;
            foreach (var preference in line.Split(','))
            {
                if (ReadWait(preference) is { } wait) return wait;
            }
        }

        return null;
    }

    private static TimeSpan? ReadWait(string preference)
    {
        var text = preference.AsSpan().Trim();
        var equals = text.IndexOf('=');
        if (equals < 0 || !text[..equals].TrimEnd().Equals("wait", StringComparison.OrdinalIgnoreCase)) return null;
        var value = text[(equals + 1)..].Trim().Trim('"');
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return null;
        return seconds < ServiceLimits.LongestWait.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : ServiceLimits.LongestWait;
    }
}
