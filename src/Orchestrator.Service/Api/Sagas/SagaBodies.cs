using Orchestrator.Contract;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Answer to a start.</summary>
internal sealed record StartedBody(
    string Id, string Definition, int DefinitionVersion, string Phase, DateTimeOffset ExpiresAt);

/// <summary>Why a saga went back, or what holds it.</summary>
internal sealed record ReasonBody(string Code, string Text, string Actor);

/// <summary>A saga, whole.</summary>
internal sealed record SagaBody(
    string Id,
    string Definition,
    int DefinitionVersion,
    string Phase,
    string? Outcome,
    bool Stuck,
    bool Suspended,
    bool InDoubt,
    IReadOnlyList<string> Unverified,
    ReasonBody? Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    string? BusinessKey,
    IReadOnlyDictionary<string, string> Tags,
    JsonData Input,
    JsonData? Output,
    IReadOnlyList<StepBody> Steps,
    IReadOnlyList<string> Allowed,
    ExtensionBody? Extension,
    string? RerunOf,
    IReadOnlyList<string> RerunAs,
    string? TraceId);

/// <summary>The deadline that was asked for last.</summary>
/// <param name="ExpiresAt">The instant that was asked for.</param>
/// <param name="State">asking, extended or not-extended.</param>
internal sealed record ExtensionBody(DateTimeOffset ExpiresAt, string State);

/// <summary>A step of a saga.</summary>
internal sealed record StepBody(
    string Name,
    string Participant,
    string Kind,
    string State,
    int Attempts,
    string? LastError,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? HeldUntil,
    JsonData? Output,
    IReadOnlyList<string> Allowed);

/// <summary>A line of the list, and the data of an event stream.</summary>
internal sealed record SummaryBody(
    string Id,
    string Definition,
    int DefinitionVersion,
    string Phase,
    string? Outcome,
    bool Stuck,
    bool Suspended,
    bool InDoubt,
    ReasonBody? Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    string? BusinessKey,
    IReadOnlyDictionary<string, string> Tags);

/// <summary>A page of the list.</summary>
internal sealed record ListBody(IReadOnlyList<SummaryBody> Items, string? Next);

/// <summary>Sagas per definition and phase.</summary>
internal sealed record CountsBody(IReadOnlyList<CountBody> Items);

/// <summary>
/// A line of the counts. <paramref name="OldestAgeSeconds" /> counts from the start of the oldest one.
/// </summary>
internal sealed record CountBody(
    string Definition, string Phase, long Count, DateTimeOffset OldestStartedAt, double OldestAgeSeconds)
{
    /// <summary>A line, with the age at an instant.</summary>
    public static CountBody Of(SagaCount count, DateTimeOffset now) => new(
        count.Definition,
        Words.Of(count.Phase),
        count.Count,
        count.OldestStartedAt,
        Math.Round(Math.Max(0, (now - count.OldestStartedAt).TotalSeconds), 3));
}
