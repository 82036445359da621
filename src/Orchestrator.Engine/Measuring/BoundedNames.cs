using System.Collections.Concurrent;

namespace Orchestrator.Engine.Measuring;

/// <summary>
/// Counters by name, so many at most: whoever stores a thousand definitions must not make a thousand series of them.
/// Names that come later share one. Safe for any number of threads.
/// </summary>
internal sealed class BoundedNames<T>(int most, Func<string, T> make)
{
    /// <summary>What stands for all the others.</summary>
    public const string Other = "(other)";

    private readonly ConcurrentDictionary<string, T> known = new(StringComparer.Ordinal);

    /// <summary>Every name so far, in order.</summary>
    public IEnumerable<KeyValuePair<string, T>> All => known.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The counter of a name.</summary>
    public T Of(string name)
    {
        if (known.TryGetValue(name, out var found)) return found;
        // Two that come at once may make one more than allowed.
        return known.GetOrAdd(known.Count < most ? name : Other, make);
    }
}
