using System.Threading.Channels;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Endings;

/// <summary>Tells one participant endings, page by page of the store, each page until it is taken.</summary>
internal sealed class EndingsLane(
    string participant,
    long cursor,
    EndingsPump pump,
    IParticipantCaller caller,
    IHousekeepingStore store,
    TimeProvider time,
    Log log)
{
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private long told = cursor;
    private long mentioned = cursor;
    private long waiting;

    /// <summary>Everything up to this number was told.</summary>
    public long Cursor => Interlocked.Read(ref told);

    /// <summary>
    /// Endings up to this number are not needed any more for this participant; all of them when nothing waits for it.
    /// </summary>
    public long NeedsFrom => Interlocked.Read(ref mentioned) > Cursor ? Cursor : long.MaxValue;

    /// <summary>
    /// Endings mentioned since the start of the process and not told; at least 1 while there are unread ones.
    /// </summary>
    public long Waiting => Math.Max(Interlocked.Read(ref waiting), 0);

    /// <summary>
    /// The participant is named by the ending of that number; or it is to look through all there are.
    /// </summary>
    public void Mention(long number)
    {
        Interlocked.Exchange(ref mentioned, number);
        if (number != long.MaxValue) Interlocked.Increment(ref waiting);
        bell.Writer.TryWrite(true);
    }

    /// <summary>The store was read anew and says how far it was told.</summary>
    public void Rewind(long number) => Interlocked.Exchange(ref told, number);

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await bell.Reader.ReadAsync(stop);
                await Task.Delay(EngineLimits.EndingsDelay, time, stop);
                while (await TellPageAsync(stop))
                {
                    // The next page follows at once.
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is left is told after the next start.
        }
    }

    private async Task<bool> TellPageAsync(CancellationToken stop)
    {
        var looked = Interlocked.Read(ref mentioned);
        var from = Cursor;
        if (looked <= from) return false;
        var page = await ReadAsync(from, stop);
        var mine = page.Where(ending => ending.Participants.Contains(participant)).ToList();
        if (mine.Count > 0) await TellAsync(mine, stop);
        if (page.Count == 0)
        {
            // Nothing is left: what was mentioned is told, unless more was mentioned meanwhile.
            Interlocked.CompareExchange(ref mentioned, Cursor, looked);
            return false;
        }

        // Rewound meanwhile, it begins there.
        if (Interlocked.CompareExchange(ref told, page[^1].No, from) != from) return true;
        if (mine.Count > 0)
        {
            Interlocked.Add(ref waiting, -mine.Count);
            pump.Told(new EndingCursor(participant, page[^1].No));
        }

        return true;
    }

    private async Task TellAsync(List<EndingRow> endings, CancellationToken stop)
    {
        var wait = EngineLimits.EndingsRetryFirst;
        while (!await caller.TellEndedAsync(participant, endings, stop))
        {
            if (wait == EngineLimits.EndingsRetryFirst) log.EndingsNotTaken(participant);
            await Task.Delay(wait, time, stop);
            wait = wait * 2 < EngineLimits.EndingsRetryLongest ? wait * 2 : EngineLimits.EndingsRetryLongest;
        }
    }

    private async Task<IReadOnlyList<EndingRow>> ReadAsync(long after, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await store.ReadEndingsAsync(after, EngineLimits.MaxEndingsPerRequest, stop);
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(EngineLimits.StoreRetry, time, stop);
            }
        }
    }
}
