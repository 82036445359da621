using Orchestrator.Engine;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Batches;

/// <summary>Why a batch is refused.</summary>
internal static class BatchProblems
{
    /// <summary>There is none, or none the caller may see.</summary>
    public static Problem Unknown { get; } =
        Problem.NotFound("There is no batch of this id. GET /batches lists what there is.");

    /// <summary>422: more sagas than one batch may have, by <c>filter</c> or <c>ids</c>.</summary>
    public static Problem TooManySagas(string by)
    {
        var text = $"A batch may have {EngineLimits.MaxBatchSagas} sagas, and these are more. Choose fewer, and do it "
            + "in parts.";
        return Problem.Invalid(
            ProblemCodes.TooManySagas, $"Nothing was done. {text}", [new ProblemItem(null, by, text)]);
    }

    /// <summary>422.</summary>
    public static Problem NothingMatches()
    {
        const string text =
            "No saga matches, so there is nothing to do. GET /sagas with the same filter shows the same.";
        return Problem.Invalid(ProblemCodes.NothingMatches, text, [new ProblemItem(null, "filter", text)]);
    }

    /// <summary>409.</summary>
    public static Problem KeyReused(string batchId) => Problem.Of(
        StatusCodes.Status409Conflict,
        ProblemCodes.KeyReused,
        $"You have used this Idempotency-Key before with another body; it made batch {batchId}. Use a new key for a "
        + "new batch, or send the first request again unchanged.");

    /// <summary>409.</summary>
    public static Problem TooManyBatches() => Problem.Of(
        StatusCodes.Status409Conflict,
        ProblemCodes.TooManyBatches,
        $"{EngineLimits.MaxLiveBatches} batches go on, which is as many as may. Nothing was done. Wait until one has "
        + "ended, or stop one.");

    /// <summary>409.</summary>
    public static Problem HasEnded(string state) => Problem.Of(
        StatusCodes.Status409Conflict,
        Core.Deciding.VerbCodes.Finished,
        $"The batch is {state}: there is nothing left to stop.");
}
