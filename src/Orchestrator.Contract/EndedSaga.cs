namespace Orchestrator.Contract;

/// <summary>One line of the batch that tells a participant which sagas have ended (<c>POST /saga/ended</c>).</summary>
/// <param name="SagaId">The saga.</param>
/// <param name="Outcome"><c>completed</c> or <c>compensated</c>.</param>
public sealed record EndedSaga(string SagaId, string Outcome);
