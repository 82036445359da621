using System.Collections.Immutable;

namespace Orchestrator.Core.Deciding;

/// <summary>What ImmutableArray lacks.</summary>
internal static class ImmutableArrays
{
    /// <summary>Index of the first match, or -1.</summary>
    public static int FindIndex<T>(this ImmutableArray<T> items, Func<T, bool> match)
    {
        for (var i = 0; i < items.Length; i++)
            if (match(items[i]))
                return i;
        return -1;
    }
}
