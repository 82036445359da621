using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Why a start is refused.</summary>
internal static class StartProblems
{
    /// <summary>The key was used for another request.</summary>
    public static Problem KeyReused(string sagaId) => Problem.Of(
        StatusCodes.Status409Conflict,
        ProblemCodes.KeyReused,
        $"This Idempotency-Key was used before with another body or query; it started saga {sagaId}. "
        + "Use a new key for a new saga, or send the first request again unchanged.");
}
