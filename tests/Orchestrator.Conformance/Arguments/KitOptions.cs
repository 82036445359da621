using Orchestrator.Contract;

namespace Orchestrator.Conformance.Arguments;

/// <summary>A step as the participant offers it.</summary>
/// <param name="Name">The action, which is the step's name too.</param>
/// <param name="Kind">Which row of the ledger table its commands follow.</param>
/// <param name="Data">Data that it accepts.</param>
/// <param name="Refused">Data that its business refuses; null when it never refuses.</param>
internal sealed record OfferedStep(string Name, WireKind Kind, StepData Data, StepData? Refused);

/// <summary>What the kit was told on the command line.</summary>
internal sealed record KitOptions
{
    /// <summary>The participant's base address.</summary>
    public required Uri Address { get; init; }

    /// <summary>The compensatable step; null when only others are checked.</summary>
    public OfferedStep? Step { get; init; }

    public OfferedStep? Pivot { get; init; }

    public OfferedStep? Retriable { get; init; }

    /// <summary>A plain HTTP service without a ledger: only do and undo.</summary>
    public bool IsUnarmed { get; init; }

    /// <summary>Paths of an unarmed step, relative to the base address.</summary>
    public string? DoPath { get; init; }

    public string? UndoPath { get; init; }

    /// <summary>The path before actions.</summary>
    public string Prefix { get; init; } = "/saga";

    /// <summary>An address that shows what a step changes; null when nothing is watched.</summary>
    public Uri? Probe { get; init; }

    /// <summary>A shell command that kills the participant and starts it again.</summary>
    public string? Restart { get; init; }

    public string? Token { get; init; }

    /// <summary>Where the JSON report goes; <c>-</c> is standard output, instead of the text.</summary>
    public string? Json { get; init; }

    public IReadOnlyList<string> Only { get; init; } = [];

    public bool IsStrict { get; init; }

    public bool IsVerbose { get; init; }

    /// <summary>How long a step is held whose expiry is waited for.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The participant's sweep: its undo starts by the expiry plus this.</summary>
    public TimeSpan Sweep { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What is forgiven beyond the sweep: the time an undo itself takes, and a busy machine.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the whole run may take.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(5);
}
