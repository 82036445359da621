using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Sharing;

/// <summary>
/// Finds owners that have fallen silent, by this machine's clock alone: how long their beat has been the same since it
/// was first seen. No two clocks are compared. Used by one caller at a time.
/// </summary>
internal sealed class SilenceWatch(TimeSpan silence, TimeProvider time)
{
    private Dictionary<long, (long Beat, long SeenAt)> seen = [];

    /// <summary>Looks at the others; answers those that have been silent for too long.</summary>
    public IReadOnlyList<OwnerBeat> Look(IReadOnlyList<OwnerBeat> others)
    {
        var now = time.GetTimestamp();
        var next = new Dictionary<long, (long Beat, long SeenAt)>(others.Count);
        var silent = new List<OwnerBeat>();
        foreach (var other in others)
        {
            var first = seen.TryGetValue(other.Token, out var before) && before.Beat == other.Beat
                ? before
                : (Beat: other.Beat, SeenAt: now);
            next[other.Token] = first;
            if (time.GetElapsedTime(first.SeenAt, now) >= silence) silent.Add(other);
        }

        seen = next;
        return silent;
    }

    /// <summary>
    /// This engine was silent itself: it cannot know how long the others were.
    /// </summary>
    public void Forget() => seen.Clear();
}
