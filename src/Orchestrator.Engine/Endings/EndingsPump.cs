using System.Collections.Concurrent;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Endings;

/// <summary>
/// Tells participants which sagas have ended: in batches, again until they take it, nobody waits for it. Each
/// participant has a lane of its own and a stored cursor; endings everybody was told are deleted.
/// </summary>
internal sealed class EndingsPump(
    IParticipantCaller caller, IHousekeepingStore store, Inbox inbox, LoopKeeper loops, TimeProvider time, Log log)
    : IDisposable
{
    private readonly ConcurrentDictionary<string, EndingsLane> lanes = new();
    private readonly CancellationTokenSource stop = new();
    private long toldUpTo;
    private long mentioned;
    private volatile bool keepsAll;

    /// <summary>Endings not yet told, counted per participant.</summary>
    public long Waiting => lanes.Values.Sum(lane => lane.Waiting);

    /// <summary>
    /// Starts where the stored cursors are. Called by the commit loop, again after it has read the store anew.
    /// </summary>
    public void Load(IReadOnlyList<ParticipantEntry> participants, IReadOnlyList<EndingCursor> cursors)
    {
        foreach (var participant in participants) LaneOf(participant.Name, 0);
        foreach (var cursor in cursors) LaneOf(cursor.Participant, cursor.No).Rewind(cursor.No);
        foreach (var lane in lanes.Values) lane.Mention(long.MaxValue);
        keepsAll = false;
    }

    /// <summary>
    /// Endings of another engine are being taken over, which no lane knows of: until <see cref="BeginAgain" /> or
    /// <see cref="Load" /> nothing counts as told to everybody.
    /// </summary>
    public void KeepAll() => keepsAll = true;

    /// <summary>A saga has ended and that is on disk. Called by the commit loop.</summary>
    public void Mention(EndingRow ending)
    {
        foreach (var participant in ending.Participants) LaneOf(participant, ending.No - 1).Mention(ending.No);
        Interlocked.Exchange(ref mentioned, ending.No);
    }

    /// <summary>Endings of another engine were taken over: everything stored is looked through once more.</summary>
    public void BeginAgain()
    {
        foreach (var lane in lanes.Values)
        {
            lane.Rewind(0);
            lane.Mention(long.MaxValue);
        }

        keepsAll = false;
    }

    /// <summary>Ends all telling; what was not told is told after the next start.</summary>
    public void Stop() => stop.Cancel();

    /// <inheritdoc />
    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    /// <summary>A lane has told everything up to its cursor.</summary>
    internal void Told(EndingCursor cursor)
    {
        // An ending that is stored but not yet mentioned to all its lanes must stay, so the last one mentioned is the
        // bound.
        var bound = Interlocked.Read(ref mentioned);
        var least = Math.Min(bound, lanes.Values.Min(lane => lane.NeedsFrom));
        var delete = !keepsAll && least > Interlocked.Read(ref toldUpTo) ? least : 0;
        if (delete > 0) Interlocked.Exchange(ref toldUpTo, delete);
        inbox.Post(new CursorWork(cursor, delete));
    }

    private EndingsLane LaneOf(string participant, long cursor)
    {
        if (lanes.TryGetValue(participant, out var known)) return known;
        var lane = new EndingsLane(participant, cursor, this, caller, store, time, log);
        lanes[participant] = lane;
        _ = loops.KeepAsync($"endings for {participant}", lane.RunAsync, stop.Token);
        return lane;
    }
}
