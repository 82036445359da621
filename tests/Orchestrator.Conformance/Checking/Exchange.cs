namespace Orchestrator.Conformance.Checking;

/// <summary>One message, what the protocol says to it, and what came.</summary>
internal sealed class Exchange(string sent)
{
    private readonly List<string> says = [];

    /// <summary>What was sent or read.</summary>
    public string Sent { get; } = sent;

    /// <summary>What the protocol says, as far as it was looked at.</summary>
    public string Says => string.Join("; ", says);

    public string Came { get; set; } = "";

    /// <summary>What is wrong with what came; null when nothing is.</summary>
    public string? Wrong { get; private set; }

    /// <summary>Notes what must be; when it is not, the check ends here.</summary>
    internal void Must(string what, bool isSo, string? instead = null)
    {
        says.Add(what);
        if (isSo) return;
        Wrong = instead ?? what;
        throw new BrokenException($"The protocol says: {what}. It came: {Came}{(instead is null ? "" : $" ({instead})")}");
    }
}
