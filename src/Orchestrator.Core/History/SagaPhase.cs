namespace Orchestrator.Core.History;

/// <summary>The phases of a saga. Source: docs/protocol.md section 4.</summary>
public enum SagaPhase
{
    /// <summary>Steps before the point of no return run in order.</summary>
    Doing,

    /// <summary>Armed participants are asked to keep their work.</summary>
    Confirming,

    /// <summary>The pivot was sent.</summary>
    Pivot,

    /// <summary>Past the point of no return.</summary>
    Finishing,

    /// <summary>Everything that was done is undone.</summary>
    Compensating,

    /// <summary>Ended well.</summary>
    Completed,

    /// <summary>Ended with everything undone.</summary>
    Compensated,
}
