using Orchestrator.Engine.Batches;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Service.Api.Batches;

/// <summary>What the body of <c>POST /batches</c> says, checked. Immutable.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Args">Its arguments.</param>
/// <param name="Reason">Why.</param>
/// <param name="Filter">Which sagas, or null.</param>
/// <param name="Ids">Or their ids, each once.</param>
/// <param name="Chosen">How they were chosen, as it is shown.</param>
/// <param name="DryRun">Only say what would happen.</param>
internal sealed record BatchWish(
    string Verb,
    BatchArgs Args,
    string? Reason,
    SagaFilter? Filter,
    IReadOnlyList<string>? Ids,
    string Chosen,
    bool DryRun);
