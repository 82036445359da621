using Orchestrator.Contract;
using Orchestrator.Service.Api.Sagas;

namespace Orchestrator.Service.Api.Batches;

/// <summary>A verb on many sagas.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Verb">The verb.</param>
/// <param name="Filter">How its sagas were chosen.</param>
/// <param name="Args">The verb's arguments, without data of sagas.</param>
/// <param name="Actor">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="State">running, done or stopped.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Total">Its sagas.</param>
/// <param name="Done">Those that have an answer.</param>
/// <param name="Accepted">Those that took the verb.</param>
/// <param name="Refused">Those that do not allow it.</param>
/// <param name="Failed">Those it could not be brought to.</param>
internal sealed record BatchBody(
    string Id,
    string Verb,
    JsonData Filter,
    JsonData Args,
    string Actor,
    string? Reason,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    long Total,
    long Done,
    long Accepted,
    long Refused,
    long Failed);

/// <summary>A page of batches, newest first.</summary>
internal sealed record BatchListBody(IReadOnlyList<BatchBody> Items, string? Next);

/// <summary>A page of what became of the sagas of a batch.</summary>
internal sealed record BatchAnswersBody(IReadOnlyList<BatchAnswerBody> Items, string? Next);

/// <summary>What became of one saga: accepted, refused or failed.</summary>
/// <param name="SagaId">Its id.</param>
/// <param name="Result">accepted, refused or failed.</param>
/// <param name="Code">Why not.</param>
/// <param name="Text">The same in words.</param>
/// <param name="At">When.</param>
/// <param name="Saga">The saga as it is now; null when it is gone, or is not shown to the caller.</param>
internal sealed record BatchAnswerBody(
    string SagaId, string Result, string? Code, string? Text, DateTimeOffset At, SummaryBody? Saga);

/// <summary>What a batch would do.</summary>
internal sealed record BatchPreviewBody(
    int Matching,
    IReadOnlyList<BatchEffectBody> WouldDo,
    IReadOnlyList<BatchRefusalBody> Refused,
    IReadOnlyList<string> Sample);

/// <summary>What would happen to so many sagas.</summary>
internal sealed record BatchEffectBody(string Effect, int Count);

/// <summary>Why so many would be refused.</summary>
internal sealed record BatchRefusalBody(string Code, int Count, string Text);
