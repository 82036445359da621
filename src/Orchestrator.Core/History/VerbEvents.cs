using Orchestrator.Contract;

namespace Orchestrator.Core.History;

/// <summary>Somebody wants something of the saga. Who and why stay in the history. Immutable.</summary>
public abstract record VerbRequested : SagaEvent
{
    private protected VerbRequested()
    {
    }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, in the operator's words.</summary>
    public string? Reason { get; init; }

    /// <summary>The batch of many sagas it belongs to; null for a verb on this saga alone.</summary>
    public string? Batch { get; init; }
}

/// <summary>An operator wants the saga undone.</summary>
public sealed record CancelRequested : VerbRequested;

/// <summary>An operator wants waiting calls to go now.</summary>
public sealed record RetryRequested : VerbRequested
{
    /// <summary>Only the calls of this participant; null for all.</summary>
    public string? Participant { get; init; }
}

/// <summary>
/// An operator wants the saga to hold still: no do and no confirm goes out until <see cref="ResumeRequested" />. Undos
/// and extends go out all the same, and the expiry still rules.
/// </summary>
public sealed record SuspendRequested : VerbRequested;

/// <summary>An operator wants the saga to go on.</summary>
public sealed record ResumeRequested : VerbRequested;

/// <summary>
/// Somebody ended the engine's own instance of the saga from outside. Before the point of no return everything is
/// undone; after it there is no way back, so the saga goes forward.
/// </summary>
public sealed record TerminateRequested : VerbRequested;

/// <summary>An operator wants the saga to have more time; participants are asked first.</summary>
public sealed record ExtendRequested : VerbRequested
{
    /// <summary>The expiry that is wanted.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>
/// An operator wants what waits of one step to go now, or, with <see cref="Data" />, to be done with other data under
/// another ledger key.
/// </summary>
public sealed record ResendRequested : VerbRequested
{
    /// <summary>Name of the step.</summary>
    public required string Step { get; init; }

    /// <summary>The data to send instead; null when it stays the same.</summary>
    public JsonData? Data { get; init; }
}

/// <summary>What a person says became of a step.</summary>
public enum Resolution
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It is undone, or never was done.</summary>
    Undone,
}

/// <summary>A person has found out what nobody answers.</summary>
public sealed record ResolveRequested : VerbRequested
{
    /// <summary>Name of the step.</summary>
    public required string Step { get; init; }

    /// <summary>What the person says.</summary>
    public required Resolution As { get; init; }

    /// <summary>The output of a step that is done; null stands for JSON null.</summary>
    public JsonData? Output { get; init; }
}

/// <summary>An ended saga was run again as another one.</summary>
public sealed record RerunRequested : VerbRequested
{
    /// <summary>Id of the new saga.</summary>
    public required string RerunAs { get; init; }
}
