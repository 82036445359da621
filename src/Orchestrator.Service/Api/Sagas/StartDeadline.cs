using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Reads <c>deadline=</c>: a duration from now or an instant.</summary>
internal static class StartDeadline
{
    private const string Path = "deadline";

    /// <summary>
    /// The expiry; null when none is asked for or it is wrong. A duration counts from now, <c>maxDeadline</c> from
    /// <paramref name="startedAt" />, which is now for a saga that is to start.
    /// </summary>
    public static DateTimeOffset? Read(
        string? text,
        SagaDefinition definition,
        DateTimeOffset now,
        List<ProblemItem> problems,
        DateTimeOffset? startedAt = null)
    {
        if (text is null) return null;
        if (!TryReadInstant(text, now, out var expiresAt))
        {
            problems.Add(new ProblemItem(
                null,
                Path,
                $"The deadline \"{Cut(text)}\" is neither {Durations.Expected}, nor an RFC 3339 instant with an offset "
                + "such as 2026-01-31T12:00:00Z (a + must be written %2B in a query)."));
            return null;
        }

        if (Bounds(expiresAt - now, expiresAt - (startedAt ?? now), definition) is not { } wrong)
            return Instants.ToMilliseconds(expiresAt);
        problems.Add(new ProblemItem(null, Path, wrong));
        return null;
    }

    private static bool TryReadInstant(string text, DateTimeOffset now, out DateTimeOffset expiresAt)
    {
        if (Instants.TryRead(text, out expiresAt)) return true;
        if (!Durations.TryRead(text, out var duration)) return false;
        expiresAt = now + duration;
        return true;
    }

    private static string? Bounds(TimeSpan left, TimeSpan whole, SagaDefinition definition)
    {
        if (left <= TimeSpan.Zero) return "The deadline has passed. Ask for one that lies in the future.";
        if (left <= definition.Guard)
        {
            return $"The deadline is not beyond the guard of {Durations.Write(definition.Guard)}, so nothing could "
                + "ever be "
                + "confirmed. Ask for a later one.";
        }

        return whole <= definition.MaxDeadline
            ? null
            : $"The deadline is beyond {definition.Name}'s maxDeadline of {Durations.Write(definition.MaxDeadline)}. "
                + "Ask for an earlier one, or store a definition with a longer maxDeadline.";
    }

    private static string Cut(string text) => text.Length > 100 ? text[..100] + "..." : text;
}
