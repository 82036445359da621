using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Streams;

/// <summary>
/// When one stream ends: with its reader, with the service, and at the instant from which on the token it was opened
/// with is not accepted any more. That instant is one of the wall clock, which may be set while the stream stands, and
/// may be further away than a timer reaches; so it is looked at again with every heartbeat.
/// </summary>
internal sealed class StreamEnd : IAsyncDisposable
{
    private readonly DateTimeOffset? acceptedUntil;
    private readonly TimeProvider time;
    private readonly ITimer timer;

    private StreamEnd(DateTimeOffset? acceptedUntil, TimeProvider time, params CancellationToken[] ends)
    {
        this.acceptedUntil = acceptedUntil;
        this.time = time;
        Source = CancellationTokenSource.CreateLinkedTokenSource(ends);
        timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
    }

    /// <summary>Cancelled when the stream has to end.</summary>
    public CancellationTokenSource Source { get; }

    /// <summary>That of a request that was let in.</summary>
    public static StreamEnd Of(HttpContext http, IHostApplicationLifetime lifetime, TimeProvider time) =>
        new(Caller.Of(http).AcceptedUntil, time, http.RequestAborted, lifetime.ApplicationStopping);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // It waits for a look that is under way, which must not meet a source that is gone.
        await timer.DisposeAsync();
        Source.Dispose();
    }

    private void Look()
    {
        if (acceptedUntil is not { } until) return;
        var left = until - time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            Source.Cancel();
            return;
        }

        // A timer counts whole milliseconds: one of less would fire at once, again and again.
        var next = left < ServiceLimits.Heartbeat ? left : ServiceLimits.Heartbeat;
        timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(next.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
