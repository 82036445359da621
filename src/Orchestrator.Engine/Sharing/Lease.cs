using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Sharing;

/// <summary>
/// For how long this engine may believe that nobody has taken over its sagas. It only spares calls that would come to
/// nothing: that nothing is written after a take-over is seen to by the store. Always held where one engine has the
/// whole store. Safe for any number of threads.
/// </summary>
internal sealed class Lease(EngineOptions options, IEnumerable<ISharedStore> stores, TimeProvider time)
{
    private readonly bool isShared = stores.Any();
    private long renewedAt = time.GetTimestamp();
    private TaskCompletionSource renewed = NewSource();

    /// <summary>So long an owner may be silent before the others take over what it has.</summary>
    public TimeSpan Silence { get; } = options.Lease * EngineLimits.SilentPart;

    /// <summary>How often an owner says that it is alive.</summary>
    public TimeSpan Beat { get; } = Shorter(options.Lease * EngineLimits.BeatPart, EngineLimits.LongestBeat);

    /// <summary>True where several engines share the store.</summary>
    public bool IsShared => isShared;

    /// <summary>False once the others may have taken over.</summary>
    public bool IsHeld => !isShared || time.GetElapsedTime(Interlocked.Read(ref renewedAt)) < Silence;

    /// <summary>The lease counts from that timestamp on.</summary>
    public void Renew(long timestamp)
    {
        Interlocked.Exchange(ref renewedAt, timestamp);
        Interlocked.Exchange(ref renewed, NewSource()).TrySetResult();
    }

    /// <summary>Completes at the next renewal.</summary>
    public Task RenewedAsync(CancellationToken cancel) => Volatile.Read(ref renewed).Task.WaitAsync(cancel);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
