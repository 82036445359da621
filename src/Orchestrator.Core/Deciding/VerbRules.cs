using System.Collections.Immutable;
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

    /// <summary>Undo everything.</summary>
    public sealed record Cancel : SagaVerb
    {
        /// <summary>Why, in the operator's words.</summary>
        public string? Reason { get; init; }
    }

    /// <summary>Send now what waits.</summary>
    public sealed record Retry : SagaVerb;

    /// <summary>Hold back everything but undos.</summary>
    public sealed record Suspend : SagaVerb
    {
        /// <summary>Why, in the operator's words.</summary>
        public string? Reason { get; init; }
    }

    /// <summary>Go on.</summary>
    public sealed record Resume : SagaVerb;

    /// <summary>Undo everything, or go forward when there is no way back.</summary>
    public sealed record Terminate : SagaVerb;
}

/// <summary>What the table of verbs by phase says. A closed union, immutable.</summary>
public abstract record VerbRuling
{
    private VerbRuling()
    {
    }

    /// <summary>Allowed: record this event.</summary>
    public sealed record Allowed(SagaEvent Event) : VerbRuling;

    /// <summary>Not allowed: <paramref name="Code" />, a sentence, and the verbs that are.</summary>
    public sealed record NotAllowed(string Code, string Text, ImmutableArray<string> Verbs) : VerbRuling;
}

/// <summary>The table of verbs by phase. Source: docs/protocol.md section 4.</summary>
public static class VerbRules
{
    /// <summary>The saga has ended.</summary>
    public const string Finished = "finished";

    /// <summary>The pivot was sent, or everybody has confirmed: only forward.</summary>
    public const string PastThePointOfNoReturn = "past-the-point-of-no-return";

    /// <summary>Says whether <paramref name="verb" /> is allowed now, and which event records it.</summary>
    public static VerbRuling Judge(StartedSaga saga, SagaVerb verb, DateTimeOffset now)
    {
        var at = now < saga.LastAt ? saga.LastAt : now;
        return (saga, verb) switch
        {
            (Ended ended, _) => new VerbRuling.NotAllowed(
                Finished, $"Saga {saga.Start.SagaId} has {Name(ended.End.Outcome)}: nothing can change it.",
                AllowedVerbs(saga)),
            (Pivoting or Finishing, SagaVerb.Cancel) => new VerbRuling.NotAllowed(
                PastThePointOfNoReturn,
                $"Saga {saga.Start.SagaId} is past the point of no return and can only go forward.",
                AllowedVerbs(saga)),
            _ => new VerbRuling.Allowed(EventOf(verb, at)),
        };
    }

    /// <summary>The verbs a saga in this phase takes, of those the API has.</summary>
    public static ImmutableArray<string> AllowedVerbs(StartedSaga saga) => saga switch
    {
        Doing or Confirming or Compensating => ["cancel", "retry"],
        Pivoting or Finishing => ["retry"],
        Ended => ["delete"],
        _ => throw new System.Diagnostics.UnreachableException($"Unknown phase {saga.GetType().Name}."),
    };

    private static SagaEvent EventOf(SagaVerb verb, DateTimeOffset at) => verb switch
    {
        SagaVerb.Cancel cancel => new CancelRequested { At = at, Actor = cancel.Actor, Reason = cancel.Reason },
        SagaVerb.Retry retry => new RetryRequested { At = at, Actor = retry.Actor },
        SagaVerb.Suspend suspend => new SuspendRequested { At = at, Actor = suspend.Actor, Reason = suspend.Reason },
        SagaVerb.Resume resume => new ResumeRequested { At = at, Actor = resume.Actor },
        SagaVerb.Terminate terminate => new TerminateRequested { At = at, Actor = terminate.Actor },
        _ => throw new System.Diagnostics.UnreachableException($"Unknown verb {verb.GetType().Name}."),
    };

    private static string Name(SagaOutcome outcome) => outcome switch
    {
        SagaOutcome.Completed => "completed",
        SagaOutcome.Compensated => "been compensated",
        _ => throw new System.Diagnostics.UnreachableException($"Unknown outcome {outcome}."),
    };
}
