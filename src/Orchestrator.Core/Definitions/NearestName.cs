namespace Orchestrator.Core.Definitions;

/// <summary>Finds the name somebody probably meant.</summary>
public static class NearestName
{
    private const int LongestCompared = 2 * DefinitionLimits.NameLength;

    /// <summary>A sentence: the nearest known name when one is near, else all that are known.</summary>
    public static string Suggest(string written, IReadOnlyCollection<string> known)
    {
        var nearest = Find(written, known);
        if (nearest is not null) return $"Did you mean \"{nearest}\"?";
        return known.Count == 0 ? "Nothing is known here." : $"Known here: {string.Join(", ", known.Take(20))}.";
    }

    private static string? Find(string written, IEnumerable<string> known)
    {
        if (written.Length > LongestCompared) return null;
        var allowed = (written.Length + 2) / 3;
        return known
            .Select(name => (name, distance: Distance(written.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(candidate => candidate.distance <= allowed)
            .OrderBy(candidate => candidate.distance)
            .Select(candidate => candidate.name)
            .FirstOrDefault();
    }

    /// <summary>Levenshtein's distance: characters to insert, delete or change.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
