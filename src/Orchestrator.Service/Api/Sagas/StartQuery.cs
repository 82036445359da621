using System.Collections.Immutable;
using Orchestrator.Core.Definitions;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>What the query of a start says, checked against the definition. Immutable.</summary>
internal sealed record StartQuery(
    DateTimeOffset ExpiresAt, string? BusinessKey, ImmutableSortedDictionary<string, string> Tags)
{
    private static readonly string[] Known = ["deadline", "key"];

    /// <summary>Reads it; a problem names everything that is wrong with the values at once.</summary>
    public static Problem? TryRead(
        QueryString text, SagaDefinition definition, DateTimeOffset now, out StartQuery query)
    {
        query = new StartQuery(now + definition.Deadline, null, ImmutableSortedDictionary<string, string>.Empty);
        if (!text.HasValue) return null;
        if (QueryText.TryRead(text, Known, tags: true, out var values) is { } misspelt) return misspelt;
        var problems = new List<ProblemItem>();
        query = new StartQuery(
            StartDeadline.Read(values["deadline"], definition, now, problems) ?? query.ExpiresAt,
            SearchValues.Key(values["key"], problems),
            SearchValues.Tags(values.Tags, problems));
        return problems.Count == 0
            ? null
            : Problem.Invalid(
                problems.Exists(problem => problem.Path == "deadline") ? "deadline" : ProblemCodes.Invalid,
                $"Nothing was started: {problems[0].Message}",
                problems);
    }
}
