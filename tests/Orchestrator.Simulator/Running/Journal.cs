using System.Text;

namespace Orchestrator.Simulator.Running;

/// <summary>
/// Everything that happens in a world, as one hash: two runs of a seed are the same when it is. It is written out when
/// somebody wants to read it.
/// </summary>
internal sealed class Journal(Agenda agenda, TextWriter? trace)
{
    private const ulong Prime = 1099511628211;

    private readonly List<string> wrongs = [];

    /// <summary>FNV-1a over all events.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>What broke a promise; empty while all is well.</summary>
    public IReadOnlyList<string> Wrongs => wrongs;

    /// <summary>True when somebody reads along.</summary>
    public bool IsRead => trace is not null;

    /// <summary>Something happened.</summary>
    public void Note(string what)
    {
        Hashed(what);
        trace?.WriteLine($"{agenda.Now.TotalSeconds,10:F4} {what}");
    }

    /// <summary>Bytes that were written or sent; the text says which.</summary>
    public void Note(string what, ReadOnlySpan<byte> bytes)
    {
        Hashed(what);
        foreach (var b in bytes) Hash = (Hash ^ b) * Prime;
        trace?.WriteLine($"{agenda.Now.TotalSeconds,10:F4} {what} {Encoding.UTF8.GetString(bytes)}");
    }

    /// <summary>Only for who reads along.</summary>
    public void Tell(string what) => trace?.WriteLine($"{agenda.Now.TotalSeconds,10:F4}   {what}");

    /// <summary>A promise is broken.</summary>
    public void Wrong(string promise, string what)
    {
        wrongs.Add($"{promise}: {what} (at {agenda.Now.TotalSeconds:F3} s)");
        trace?.WriteLine($"{agenda.Now.TotalSeconds,10:F4} !!! {promise}: {what}");
    }

    private void Hashed(string what)
    {
        Hash = (Hash ^ (ulong)agenda.Now.Ticks) * Prime;
        foreach (var c in what) Hash = (Hash ^ c) * Prime;
    }
}
