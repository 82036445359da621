using Orchestrator.Contract;
using Orchestrator.Core.History;

namespace Orchestrator.Engine.Calling;

/// <summary>
/// Sorts answers into few kinds, for figures and spans. What an answer means is the decider's to say.
/// </summary>
internal static class AnswerWords
{
    /// <summary>Every word there is.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["done", "accepted", "refused", "gone", "rejected", "busy", "failed", "timed-out", "broken"];

    /// <summary>The kind of an answer.</summary>
    public static string Of(Answer answer) => answer.Silence switch
    {
        Silence.TimedOut => "timed-out",
        Silence.Broken => "broken",
        Silence.None => answer.Status switch
        {
            202 => "accepted",
            >= 200 and < 300 => "done",
            409 when answer.Code == SagaCodes.Refused => "refused",
            410 => "gone",
            408 or 425 or 429 or 503 => "busy",
            >= 300 and < 500 => "rejected",
            _ => "failed",
        },
        _ => throw new System.Diagnostics.UnreachableException($"Unknown silence {answer.Silence}."),
    };

    /// <summary>True when the call brought no usable answer, as the figures of participants count it.</summary>
    public static bool IsFailure(Answer answer) => answer.Silence != Silence.None || answer.Status >= 500;
}
