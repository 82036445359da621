namespace Orchestrator.Service.Reconciling;

/// <summary>A saga as the orchestrator shows it, with what the participant told of each of its keys.</summary>
/// <param name="Id">The saga.</param>
/// <param name="Phase">Its phase.</param>
/// <param name="EndedAt">When it ended; null while it lives.</param>
/// <param name="Steps">What was told, a line per ledger key.</param>
internal sealed record SagaSeen(string Id, string Phase, DateTimeOffset? EndedAt, IReadOnlyList<ToldStep> Steps)
{
    public bool IsCompleted => Phase == "completed";

    /// <summary>Past the point of no return, and not ended.</summary>
    public bool IsForward => Phase is "pivot" or "finishing";
}
