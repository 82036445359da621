using Orchestrator.Contract;

namespace Orchestrator.Service.Api.Audit;

/// <summary>A page of what people asked for, newest first.</summary>
internal sealed record AuditListBody(IReadOnlyList<AuditItemBody> Items, string? Next);

/// <summary>Something a person asked for.</summary>
/// <param name="Seq">Later entries have higher ones.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Verb">What.</param>
/// <param name="Target">A saga's or batch's id, or the name of a definition or participant.</param>
/// <param name="Kind">saga, definition, participant or batch.</param>
/// <param name="Definition">The definition it belongs to.</param>
/// <param name="Reason">Why, in their words.</param>
/// <param name="Before">How it was.</param>
/// <param name="After">How it is then.</param>
/// <param name="Result">accepted or refused.</param>
/// <param name="Code">Why it was refused.</param>
internal sealed record AuditItemBody(
    long Seq,
    DateTimeOffset At,
    string Actor,
    string Verb,
    string Target,
    string Kind,
    string? Definition,
    string? Reason,
    JsonData? Before,
    JsonData? After,
    string Result,
    string? Code);
