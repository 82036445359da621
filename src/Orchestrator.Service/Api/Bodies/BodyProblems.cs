using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Bodies;

/// <summary>The problems a body can have before anybody looks at what it means.</summary>
internal static class BodyProblems
{
    /// <summary>413.</summary>
    public static Problem TooLarge(int limit) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge,
        ProblemCodes.TooLarge,
        $"The body is larger than {limit} bytes. Send less, for instance a reference to data that is kept elsewhere.");

    /// <summary>415.</summary>
    public static Problem WrongType(string? contentType, string accepted) => Problem.Of(
        StatusCodes.Status415UnsupportedMediaType,
        ProblemCodes.UnsupportedMediaType,
        $"Content-Type \"{Shown(contentType)}\" is not taken here. Send {accepted}.");

    /// <summary>400 with the place.</summary>
    public static Problem Malformed(string what) => Problem.Of(
        StatusCodes.Status400BadRequest, ProblemCodes.Malformed, $"{what} Correct the body and send it again.");

    /// <summary>422.</summary>
    public static Problem TooDeep(int line) => Problem.Invalid(
        ProblemCodes.TooDeep,
        $"The JSON is nested deeper than {ServiceLimits.JsonDepth} levels. Flatten it.",
        [new ProblemItem(line, "", $"Nesting deeper than {ServiceLimits.JsonDepth} levels begins here.")]);

    private static string Shown(string? text) => text is { Length: > 100 } ? text[..100] + "..." : text ?? "";
}
