namespace Orchestrator.Service.Reconciling;

/// <summary>One difference between a ledger and what it told the orchestrator.</summary>
/// <param name="SagaId">The saga.</param>
/// <param name="Key">The step with its <c>~2</c>.</param>
/// <param name="Ledger">What the ledger says now.</param>
/// <param name="Told">What it told the orchestrator.</param>
/// <param name="Phase">What became of the saga.</param>
/// <param name="ToDo">What a person does about it.</param>
internal sealed record Difference(string SagaId, string Key, string Ledger, string Told, string Phase, string ToDo);
