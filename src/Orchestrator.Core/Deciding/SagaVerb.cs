using Orchestrator.Contract;
using Orchestrator.Core.History;

namespace Orchestrator.Core.Deciding;

/// <summary>What an operator may ask of a saga that runs. A closed union, immutable.</summary>
public abstract record SagaVerb
{
    private SagaVerb()
    {
    }

    /// <summary>Who asks; never empty.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, in the operator's words.</summary>
    public string? Reason { get; init; }

    /// <summary>The batch of many sagas it belongs to; null for a verb on this saga alone.</summary>
    public string? Batch { get; init; }

    /// <summary>Undo everything.</summary>
    public sealed record Cancel : SagaVerb;

    /// <summary>Send now what waits.</summary>
    public sealed record Retry : SagaVerb
    {
        /// <summary>Only what waits for this participant; null for all.</summary>
        public string? Participant { get; init; }
    }

    /// <summary>Hold back everything but undos and extends.</summary>
    public sealed record Suspend : SagaVerb;

    /// <summary>Go on.</summary>
    public sealed record Resume : SagaVerb;

    /// <summary>Undo everything, or go forward when there is no way back.</summary>
    public sealed record Terminate : SagaVerb;

    /// <summary>Let it end later.</summary>
    public sealed record Extend : SagaVerb
    {
        /// <summary>The expiry that is wanted.</summary>
        public required DateTimeOffset ExpiresAt { get; init; }
    }

    /// <summary>Send now what waits of one step, or do it with other data.</summary>
    public sealed record Resend : SagaVerb
    {
        /// <summary>Name of the step.</summary>
        public required string Step { get; init; }

        /// <summary>The data to send instead; null when it stays the same.</summary>
        public JsonData? Data { get; init; }
    }

    /// <summary>Take a person's word for what became of a step.</summary>
    public sealed record Resolve : SagaVerb
    {
        /// <summary>Name of the step.</summary>
        public required string Step { get; init; }

        /// <summary>What the person says.</summary>
        public required Resolution As { get; init; }

        /// <summary>The output of a step that is done; null stands for JSON null.</summary>
        public JsonData? Output { get; init; }
    }
}
