using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Engine.Ports;

/// <summary>
/// One try of one command, with all a caller needs but the participant's address, so that it can be carried out in
/// another process than the one that decided it. Immutable.
/// </summary>
public sealed record ParticipantCall
{
    /// <summary>The saga.</summary>
    public required string SagaId { get; init; }

    /// <summary>Name of its definition.</summary>
    public required string Definition { get; init; }

    /// <summary>The ledger key <c>sagastep</c>.</summary>
    public required string Step { get; init; }

    /// <summary>Whom to call.</summary>
    public required string Participant { get; init; }

    /// <summary>What to do there.</summary>
    public required string Action { get; init; }

    /// <summary>The kind of the step.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>The command.</summary>
    public required CommandKind Command { get; init; }

    /// <summary>1, 2, 3 ... of this command.</summary>
    public required int Attempt { get; init; }

    /// <summary>Path below the participant's address.</summary>
    public required string Path { get; init; }

    /// <summary>How long this try may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>When the saga must have ended; on an extend, the expiry that is wanted.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Which extension an extend belongs to, from 1; 0 on all other commands.</summary>
    public int Extension { get; init; }

    /// <summary>What is sent.</summary>
    public required JsonData Data { get; init; }

    /// <summary>Where to ask (GET) after an answer 202; null when the command itself is sent.</summary>
    public string? AskAt { get; init; }

    /// <summary>W3C trace context it belongs to: of the saga's start, or of a span below it.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The call of a step of a saga.</summary>
    public static ParticipantCall Of(StartedSaga saga, StepState step, CallSent sent)
    {
        var definition = step.Definition;
        return new ParticipantCall
        {
            SagaId = saga.Start.SagaId,
            Definition = saga.Start.Definition,
            Step = sent.Step,
            Participant = definition.Participant,
            Action = definition.Action,
            Kind = definition.Kind,
            Command = sent.Command,
            Attempt = sent.Attempt,
            Path = PathOf(definition, sent.Command),
            Timeout = definition.Retry.Timeout,
            ExpiresAt = sent.ExpiresAt ?? saga.Start.ExpiresAt,
            Extension = sent.Extension,
            Data = step.Data ?? JsonData.Null,
            AskAt = sent.AskAt,
            TraceParent = saga.Start.TraceParent,
        };
    }

    private static string PathOf(StepDefinition step, CommandKind command) => command switch
    {
        CommandKind.Do => step.DoPath,
        CommandKind.Confirm => step.ConfirmPath,
        CommandKind.Undo => step.UndoPath,
        CommandKind.Extend => StepPaths.Extend(step.Action),
        _ => throw new System.Diagnostics.UnreachableException($"Unknown command {command}."),
    };
}
