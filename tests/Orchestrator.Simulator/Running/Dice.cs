namespace Orchestrator.Simulator.Running;

/// <summary>
/// All chance of a world: SplitMix64, so that a seed gives the same numbers on every machine and every runtime.
/// </summary>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>64 bits.</summary>
    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 up to, without, the bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>Both ends included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True so often.</summary>
    public bool Chance(double probability) => Next() < probability * ulong.MaxValue;

    /// <summary>Both ends included, whole milliseconds.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) =>
        TimeSpan.FromMilliseconds(
            least.TotalMilliseconds + (Next() % (ulong)((most - least).TotalMilliseconds + 1)));

    /// <summary>One of them.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
