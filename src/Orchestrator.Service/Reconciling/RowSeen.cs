namespace Orchestrator.Service.Reconciling;

/// <summary>A row as the participant shows it now.</summary>
/// <param name="SagaId">The saga.</param>
/// <param name="Key">The step with its <c>~2</c>.</param>
/// <param name="State">Its state.</param>
/// <param name="ExpiresAt">Until when it is held; null when it is not.</param>
/// <param name="IsEnded">It has heard how its saga ended; null where that is not shown.</param>
internal sealed record RowSeen(string SagaId, string Key, string State, DateTimeOffset? ExpiresAt, bool? IsEnded);
