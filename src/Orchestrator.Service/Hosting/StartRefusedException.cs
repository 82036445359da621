namespace Orchestrator.Service.Hosting;

/// <summary>
/// The service cannot start; the message says why and what to do, a line per cause. It ends the process without a
/// trace.
/// </summary>
public sealed class StartRefusedException : Exception
{
    /// <summary>For serializers.</summary>
    public StartRefusedException()
    {
    }

    /// <summary>With a message for people.</summary>
    public StartRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public StartRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
