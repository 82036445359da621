namespace Orchestrator.Engine.Ports;

/// <summary>
/// The store cannot be written or read now; the message says why and what to do. Nothing was changed.
/// </summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>For serializers.</summary>
    public StoreUnavailableException()
    {
    }

    /// <summary>With a message for people.</summary>
    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public StoreUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>True when a commit failed in a way that does not say whether it was written.</summary>
    public bool FateUnknown { get; init; }
}

/// <summary>
/// Another engine has the store; the message names it. A host ends with that sentence and a non-zero exit code.
/// </summary>
public sealed class StoreInUseException : Exception
{
    /// <summary>For serializers.</summary>
    public StoreInUseException()
    {
    }

    /// <summary>With a message for people.</summary>
    public StoreInUseException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public StoreInUseException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
