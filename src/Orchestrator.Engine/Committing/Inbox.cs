using System.Threading.Channels;
using Orchestrator.Engine.Committing.Work;

namespace Orchestrator.Engine.Committing;

/// <summary>What waits for the commit loop. Any thread may post; only the loop takes.</summary>
internal sealed class Inbox(EngineHealth health)
{
    private readonly Channel<EngineWork> channel =
        Channel.CreateUnbounded<EngineWork>(new UnboundedChannelOptions { SingleReader = true });

    private int woken;
    private string? lost;

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

    /// <summary>
    /// What this engine has of a shared store is not what it knows: the loop has to read everything anew.
    /// </summary>
    public void Lose(string why)
    {
        Volatile.Write(ref lost, why);
        Wake();
    }

    /// <summary>Why, once after <see cref="Lose" />; else null.</summary>
    public string? TakeLost() => Interlocked.Exchange(ref lost, null);

    /// <summary>No more work; what is in it is still taken.</summary>
    public void Close() => channel.Writer.TryComplete();
}
