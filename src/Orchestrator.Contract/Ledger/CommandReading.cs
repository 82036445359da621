namespace Orchestrator.Contract.Ledger;

/// <summary>What became of reading a command's attributes: a closed set.</summary>
public abstract record CommandReading
{
    private CommandReading()
    {
    }

    /// <summary>A command that can be believed.</summary>
    public sealed record Readable(LedgerCommand Command) : CommandReading;

    /// <summary>It is answered 400 <c>malformed</c>.</summary>
    /// <param name="Attribute">The CloudEvents attribute that is missing or wrong, without the header's prefix.</param>
    /// <param name="Text">What is wrong with it and what to send instead.</param>
    public sealed record Malformed(string Attribute, string Text) : CommandReading;
}
