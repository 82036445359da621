using System.Threading.Channels;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Sharing;

/// <summary>
/// Tells the changes of every engine on a shared store, in the order of their numbers: they are read from the store,
/// because this engine alone does not know what comes between two of its own.
/// </summary>
internal sealed class SharedChanges(ISagaQueries queries, ChangeFeed feed)
{
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private long latest;
    private long told = -1;

    /// <summary>Changes up to this number are old.</summary>
    public void Begin(long number) => Interlocked.Exchange(ref told, number);

    /// <summary>The store has changes up to this number.</summary>
    public void Tell(long number)
    {
        var before = Interlocked.Read(ref latest);
        while (number > before)
        {
            var seen = Interlocked.CompareExchange(ref latest, number, before);
            if (seen == before) break;
            before = seen;
        }

        bell.Writer.TryWrite(true);
    }

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var _ in bell.Reader.ReadAllAsync(stop)) await TellAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
    }

    private async Task TellAsync(CancellationToken stop)
    {
        var number = Interlocked.Read(ref latest);
        var from = Interlocked.Read(ref told);
        // While nobody listens there is nothing to read; who comes later is told what is new from here on.
        if (from < 0 || !feed.HasReaders) from = Math.Max(from, number);
        try
        {
            while (from < number)
            {
                var page = await queries.ChangesAsync(from, null, EngineLimits.FeedPage, stop);
                foreach (var change in page) feed.Publish(change);
                // Numbers without a change are those of commits without a turn.
                from = page.Count == 0 ? number : page[^1].Number;
            }
        }
        catch (StoreUnavailableException)
        {
            // The bell rings again with the next beat.
        }

        Interlocked.Exchange(ref told, from);
    }
}
