using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing;

/// <summary>See <see cref="ISagaFeed" />. A reader whose backlog is full reads what it missed from the store.</summary>
internal sealed class ChangeFeed(ISagaQueries queries) : ISagaFeed
{
    private ImmutableArray<Reader> readers = [];

    /// <summary>False while nobody listens; then nothing has to be published.</summary>
    public bool HasReaders => !readers.IsEmpty;

    /// <summary>Tells a committed change. Called by the commit loop; never waits.</summary>
    public void Publish(SagaChange change)
    {
        foreach (var reader in readers) reader.Offer(change);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<SagaChange> SubscribeAsync(
        long? after, string? sagaId, [EnumeratorCancellation] CancellationToken cancel)
    {
        var reader = new Reader(sagaId, mustCatchUp: after is not null);
        ImmutableInterlocked.Update(ref readers, static (all, added) => all.Add(added), reader);
        try
        {
            var seen = after ?? 0;
            while (true)
            {
                if (reader.TakeCatchUp())
                {
                    await foreach (var missed in MissedAsync(seen, sagaId, cancel))
                    {
                        seen = missed.Number;
                        yield return missed;
                    }
                }

                var change = await reader.NextAsync(cancel);
                if (change is null || change.Number <= seen) continue;
                seen = change.Number;
                yield return change;
            }
        }
        finally
        {
            ImmutableInterlocked.Update(ref readers, static (all, gone) => all.Remove(gone), reader);
        }
    }

    private async IAsyncEnumerable<SagaChange> MissedAsync(
        long after, string? sagaId, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var page = await queries.ChangesAsync(after, sagaId, EngineLimits.FeedPage, cancel);
            if (page.Count == 0) yield break;
            foreach (var change in page) yield return change;
            after = page[^1].Number;
        }
    }

    private sealed class Reader(string? sagaId, bool mustCatchUp)
    {
        private readonly Channel<SagaChange> backlog = Channel.CreateBounded<SagaChange>(
            new BoundedChannelOptions(EngineLimits.MaxFeedBacklog) { SingleReader = true, SingleWriter = true });

        private volatile bool isBehind = mustCatchUp;

        public void Offer(SagaChange change)
        {
            if (sagaId is not null && change.Saga.Id != sagaId) return;
            if (isBehind) return;
            if (!backlog.Writer.TryWrite(change)) isBehind = true;
        }

        /// <summary>
        /// True when the store has to be asked. What was published before is in the store by then, so the backlog is
        /// dropped and takes what comes from now on.
        /// </summary>
        public bool TakeCatchUp()
        {
            if (!isBehind) return false;
            while (backlog.Reader.TryRead(out _))
            {
                // Each of these is found in the store again.
            }

            isBehind = false;
            return true;
        }

        /// <summary>The next change; null when the store has to be asked first.</summary>
        public async ValueTask<SagaChange?> NextAsync(CancellationToken cancel)
        {
            if (backlog.Reader.TryRead(out var ready)) return ready;
            if (isBehind) return null;
            return await backlog.Reader.ReadAsync(cancel);
        }
    }
}
