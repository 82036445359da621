using Orchestrator.Core.History;

namespace Orchestrator.Dapr.Translating;

/// <summary>
/// An event of a saga and its place in the saga's history; for a decision, the id of the sidecar's action as well.
/// </summary>
internal readonly record struct RecordedEvent(int Seq, SagaEvent Event);
