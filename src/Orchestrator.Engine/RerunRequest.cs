using Orchestrator.Core.Deciding;

namespace Orchestrator.Engine;

/// <summary>A rerun whose shape the API has checked.</summary>
public sealed record RerunRequest
{
    /// <summary>The ended saga.</summary>
    public required string SagaId { get; init; }

    /// <summary>Who asks.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, in the operator's words.</summary>
    public string? Reason { get; init; }

    /// <summary>The batch it belongs to; null when it is asked for alone.</summary>
    public string? Batch { get; init; }

    /// <summary>Runs a completed saga again.</summary>
    public bool Force { get; init; }

    /// <summary>The start of the new saga.</summary>
    public required StartRequest Start { get; init; }
}

/// <summary>What became of a rerun. A closed union.</summary>
public abstract record RerunOutcome
{
    private RerunOutcome()
    {
    }

    /// <summary>It was taken or recognised: what became of the new saga's start.</summary>
    public sealed record Started(StartOutcome Start) : RerunOutcome;

    /// <summary>It is not allowed.</summary>
    public sealed record Refused(VerbRuling.NotAllowed Ruling) : RerunOutcome;

    /// <summary>There is no such saga.</summary>
    public sealed record NotFound : RerunOutcome;
}
