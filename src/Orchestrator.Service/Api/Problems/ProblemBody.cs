using System.Text.Json.Serialization;

namespace Orchestrator.Service.Api.Problems;

/// <summary>An error as it is sent: <c>application/problem+json</c> (RFC 9457) with a stable code.</summary>
/// <param name="Type">A URN made of the code.</param>
/// <param name="Title">The HTTP status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable; for programs.</param>
/// <param name="Detail">What is wrong, where, and what to do; for people.</param>
internal sealed record ProblemBody(string Type, string Title, int Status, string Code, string Detail)
{
    /// <summary>The verbs that are allowed instead; on a 409 that refuses a verb.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>Steps whose participants hold on for longer; on a 409 not-extended after they were asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Extended { get; init; }

    /// <summary>Steps whose participants do not, or have not answered; likewise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? NotExtended { get; init; }

    /// <summary>Everything that is wrong; on every 422.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProblemItem>? Problems { get; init; }
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Line">Line of the body, from 1; null when it is not in the body.</param>
/// <param name="Path">The place: a path in the body, or the name of the parameter.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
internal sealed record ProblemItem(int? Line, string Path, string Message);
