using System.Text.Json.Serialization;
using Orchestrator.Contract;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Every event of a saga.</summary>
internal sealed record HistoryBody(IReadOnlyList<HistoryItemBody> Items);

/// <summary>An event: what all have in common, then what only some have.</summary>
internal sealed record HistoryItemBody(
    int Seq, DateTimeOffset At, string Type, string? Step, int? Attempt, string? Actor, int? Status, JsonData? Data)
{
    /// <summary>do, confirm or undo.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get; init; }

    /// <summary>The code of the participant's problem.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>The participant's or the operator's own words, or a warning.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>Why there was no answer: timed-out or broken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Silence { get; init; }

    /// <summary>Where an operation in progress is asked after.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AskAt { get; init; }

    /// <summary>What the participant's ledger says of its row.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LedgerState { get; init; }

    /// <summary>Which ledger answered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ledger { get; init; }

    /// <summary>The timer's name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Timer { get; init; }

    /// <summary>When the timer is due.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When the saga must have ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Which extension an extend belongs to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Extension { get; init; }

    /// <summary>What a person said became of a step: done or undone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? As { get; init; }

    /// <summary>The saga this one runs again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RerunOf { get; init; }

    /// <summary>The saga that runs this one again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RerunAs { get; init; }

    /// <summary>Whose waiting calls went, when not those of all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Participant { get; init; }

    /// <summary>What an operator had put in the place of the definition's retry policy.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonData? Retry { get; init; }

    /// <summary>The batch a verb belongs to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Batch { get; init; }

    /// <summary>How the saga ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Outcome { get; init; }
}
