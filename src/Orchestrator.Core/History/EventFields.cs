using System.Collections.Immutable;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Core.History;

/// <summary>
/// The fields of any event while it is read; <see cref="ToEvent" /> says which of them an event must have.
/// </summary>
internal struct EventFields
{
    public string? Type;
    public DateTimeOffset? At;
    public string? SagaId;
    public string? Definition;
    public int? DefinitionVersion;
    public JsonData? Input;
    public DateTimeOffset? ExpiresAt;
    public string? BusinessKey;
    public ImmutableSortedDictionary<string, string>? Tags;
    public string? TraceParent;
    public string? Step;
    public string? Command;
    public int? Attempt;
    public JsonData? Data;
    public string? AskAt;
    public string? Timer;
    public DateTimeOffset? DueAt;
    public string? Actor;
    public string? Reason;
    public string? Outcome;
    public string? Warning;
    public JsonData? Output;
    public int Status;
    public string? Silence;
    public string? Code;
    public string? Text;
    public bool Unreadable;
    public string? Location;
    public string? LedgerState;
    public string? Ledger;
    public int Tries;
    public int Failures;
    public bool NeedsPerson;
    public DateTimeOffset? FirstSentAt;
    public bool MayStillRun;
    public int UndosAcknowledged;
    public int UndosBefore;
    public string? LedgerLost;
    public bool HasLedger;
    public bool HasAnsweredWithoutLedger;
    public int Extension;
    public string? As;
    public string? RerunOf;
    public string? RerunAs;
    public string? Participant;
    public RetryOverride? Retry;
    public string? Batch;

    public readonly SagaEvent ToEvent() => Type switch
    {
        "saga-started" => ToStarted(),
        "call-sent" => new CallSent
        {
            At = Need(At, "at"),
            Step = Need(Step, "step"),
            Command = EventNames.ReadCommand(Command),
            Attempt = Need(Attempt, "attempt"),
            Data = Data,
            AskAt = AskAt,
            ExpiresAt = ExpiresAt,
            Extension = Extension,
        },
        "call-answered" => new CallAnswered
        {
            At = Need(At, "at"),
            Step = Need(Step, "step"),
            Command = EventNames.ReadCommand(Command),
            Attempt = Need(Attempt, "attempt"),
            Answer = ToAnswer(),
            Extension = Extension,
            Retry = Retry,
        },
        "timer-set" => new TimerSet { At = Need(At, "at"), Timer = Need(Timer, "timer"), DueAt = Need(DueAt, "dueAt") },
        "timer-passed" => new TimerPassed { At = Need(At, "at"), Timer = Need(Timer, "timer") },
        "tries-counted" => ToCounted(),
        "saga-ended" => new SagaEnded
        {
            At = Need(At, "at"),
            Outcome = EventNames.ReadOutcome(Outcome),
            Output = Output,
            Warning = Warning,
        },
        _ => ToVerb(),
    };

    private readonly SagaEvent ToVerb()
    {
        VerbRequested verb = Type switch
        {
            "cancel-requested" => new CancelRequested { At = default, Actor = "" },
            "retry-requested" => new RetryRequested { At = default, Actor = "", Participant = Participant },
            "suspend-requested" => new SuspendRequested { At = default, Actor = "" },
            "resume-requested" => new ResumeRequested { At = default, Actor = "" },
            "terminate-requested" => new TerminateRequested { At = default, Actor = "" },
            "extend-requested" =>
                new ExtendRequested { At = default, Actor = "", ExpiresAt = Need(ExpiresAt, "expiresAt") },
            "resend-requested" =>
                new ResendRequested { At = default, Actor = "", Step = Need(Step, "step"), Data = Data },
            "resolve-requested" => new ResolveRequested
            {
                At = default,
                Actor = "",
                Step = Need(Step, "step"),
                As = EventNames.ReadResolution(As),
                Output = Output,
            },
            "rerun-requested" => new RerunRequested { At = default, Actor = "", RerunAs = Need(RerunAs, "rerunAs") },
            _ => throw EventNames.Unknown("event", Type),
        };
        return verb with { At = Need(At, "at"), Actor = Need(Actor, "actor"), Reason = Reason, Batch = Batch };
    }

    private readonly TriesCounted ToCounted() => new()
    {
        At = Need(At, "at"),
        Step = Need(Step, "step"),
        Command = EventNames.ReadCommand(Command),
        Tally = new CallTally(Need(Attempt, "attempt"), Tries, Failures, NeedsPerson, Text),
        FirstSentAt = FirstSentAt,
        MayStillRun = MayStillRun,
        UndosAcknowledged = UndosAcknowledged,
        UndosBefore = UndosBefore,
        LedgerLost = LedgerLost,
        HasLedger = HasLedger,
        HasAnsweredWithoutLedger = HasAnsweredWithoutLedger,
    };

    private readonly SagaStarted ToStarted() => new()
    {
        At = Need(At, "at"),
        SagaId = Need(SagaId, "sagaId"),
        Definition = Need(Definition, "definition"),
        DefinitionVersion = Need(DefinitionVersion, "definitionVersion"),
        Input = Need(Input, "input"),
        ExpiresAt = Need(ExpiresAt, "expiresAt"),
        BusinessKey = BusinessKey,
        Tags = Tags ?? ImmutableSortedDictionary<string, string>.Empty,
        TraceParent = TraceParent,
        RerunOf = RerunOf,
    };

    private readonly Answer ToAnswer() => new()
    {
        Status = Status,
        Silence = EventNames.ReadSilence(Silence),
        Code = Code,
        Text = Text,
        Output = Output,
        Unreadable = Unreadable,
        Location = Location,
        LedgerState = LedgerState,
        Ledger = Ledger,
    };

    private static T Need<T>(T? value, string name)
        where T : struct => value ?? throw Missing(name);

    private static string Need(string? value, string name) => value ?? throw Missing(name);

    private static FormatException Missing(string name) => new($"An event of the history lacks its field '{name}'.");
}
