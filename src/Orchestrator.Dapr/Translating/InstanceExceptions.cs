namespace Orchestrator.Dapr.Translating;

/// <summary>An instance of ours whose history cannot be folded now; the message says why and what to do.</summary>
internal class UnreadableInstanceException : Exception
{
    /// <summary>With a sentence for an operator.</summary>
    public UnreadableInstanceException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>An instance whose input is no saga's: somebody started it by hand.</summary>
internal sealed class NotASagaException(Exception? cause = null) : UnreadableInstanceException(
    "This instance does nothing: its input is not the history of a saga. To run an order, start a saga through the "
    + "API.",
    cause);

/// <summary>An instance that carries a saga's history under an id that is not the saga's, such as a rerun.</summary>
internal sealed class ForeignInstanceException(string sagaId) : UnreadableInstanceException(
    $"This instance does nothing: it is a copy of saga {sagaId}, which runs only under its own id. To run an order "
    + "again, start a "
    + "saga through the API.")
{
    /// <summary>The saga.</summary>
    public string SagaId { get; } = sagaId;
}
