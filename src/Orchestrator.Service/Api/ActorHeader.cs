using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api;

/// <summary>Reads <c>X-Actor</c>: who asks. Recorded with everything an operator does.</summary>
internal static class ActorHeader
{
    /// <summary>The name of the header.</summary>
    public const string Header = "X-Actor";

    /// <summary>The actor; a problem when there is none.</summary>
    public static Problem? TryRead(IHeaderDictionary headers, out string actor)
    {
        actor = headers.TryGetValue(Header, out var values) && values is [{ } only] ? only.Trim() : "";
        if (actor.Length is > 0 and <= ServiceLimits.ActorLength && PrintableText.IsAscii(actor)) return null;
        return Problem.Of(
            StatusCodes.Status400BadRequest,
            ProblemCodes.ActorRequired,
            $"The header {Header} must say once who asks, with 1 to {ServiceLimits.ActorLength} printable ASCII "
            + "characters, "
            + "for instance \"X-Actor: alice@example.org\". It is recorded.");
    }
}
