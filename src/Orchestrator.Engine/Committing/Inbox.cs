using System.Threading.Channels;
using Orchestrator.Engine.Committing.Work;

namespace Orchestrator.Engine.Committing;

/// <summary>What waits for the commit loop. Any thread may post; only the loop takes.</summary>
internal sealed class Inbox(EngineHealth health)
{
    private readonly Channel<EngineWork> channel =
        Channel.CreateUnbounded<EngineWork>(new UnboundedChannelOptions { SingleReader = true });

    private int woken;
    private int lost;

    /// <summary>The loop's end of it.</summary>
    public ChannelReader<EngineWork> Reader => channel.Reader;

    /// <summary>Posts work. Once the engine has stopped it is refused at once.</summary>
    public void Post(EngineWork work)
    {
        if (!channel.Writer.TryWrite(work)) work.Failed(health.NotReady ?? "The engine has stopped.");
    }

    /// <summary>Wakes the loop; several calls before it wakes count once.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref woken, 1) == 0) channel.Writer.TryWrite(WakeWork.Instance);
    }

    /// <summary>The loop has taken a wake.</summary>
    public void Awake() => Volatile.Write(ref woken, 0);

    /// <summary>This engine was taken out of the shared store: the loop has to begin anew.</summary>
    public void Lose()
    {
        Volatile.Write(ref lost, 1);
        Wake();
    }

    /// <summary>True once after <see cref="Lose" />.</summary>
    public bool TakeLost() => Interlocked.Exchange(ref lost, 0) == 1;

    /// <summary>No more work; what is in it is still taken.</summary>
    public void Close() => channel.Writer.TryComplete();
}
