namespace Orchestrator.Engine.Measuring;

/// <summary>What is measured as a histogram, under its stable name. Immutable.</summary>
/// <param name="Name">Its name, with dots.</param>
/// <param name="Unit">Its unit by UCUM, such as <c>s</c>.</param>
/// <param name="Help">A sentence.</param>
/// <param name="Bounds">Upper bounds of the classes, rising.</param>
public sealed record MeasureShape(string Name, string Unit, string Help, IReadOnlyList<double> Bounds)
{
    /// <summary>Calls, by <c>participant</c>.</summary>
    public static MeasureShape Call { get; } = new(
        "orchestrator.participant.call_duration", "s", "How long calls took, from sending to their end.",
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]);

    /// <summary>Commits.</summary>
    public static MeasureShape Commit { get; } = new(
        "orchestrator.commit_duration", "s", "How long transactions took, the sync of the disk included.",
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]);

    /// <summary>Rows of a commit.</summary>
    public static MeasureShape Rows { get; } = new(
        "orchestrator.commit_rows", "{row}", "Rows written in one transaction.",
        [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]);

    /// <summary>Turns.</summary>
    public static MeasureShape Turn { get; } = new(
        "orchestrator.turn_duration", "s",
        "How long turns took, from taking up what happened until it was on disk and what follows had begun.",
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]);

    /// <summary>Sagas, by <c>outcome</c>.</summary>
    public static MeasureShape Saga { get; } = new(
        "orchestrator.saga_duration", "s", "How long sagas took, from start to end.",
        [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 86_400]);
}
