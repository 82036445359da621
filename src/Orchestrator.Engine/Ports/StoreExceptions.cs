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
/// The store works, but a row of a commit breaks one of its rules, for example a turn whose first seq is taken: a bug,
/// or a store that somebody else changed. Nothing of the commit was written, and the same commit never will be; without
/// the row it may.
/// </summary>
public sealed class StoreConflictException : Exception
{
    /// <summary>For serializers.</summary>
    public StoreConflictException()
    {
    }

    /// <summary>With a message for people.</summary>
    public StoreConflictException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public StoreConflictException(string message, Exception inner)
        : base(message, inner)
    {
    }
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
