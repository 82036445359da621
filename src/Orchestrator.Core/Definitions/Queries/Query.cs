using System.Collections.Immutable;

namespace Orchestrator.Core.Definitions.Queries;

/// <summary>Where a query begins to read.</summary>
internal enum QueryRoot
{
    /// <summary><c>$.input</c></summary>
    Input,

    /// <summary><c>$.saga</c></summary>
    Saga,

    /// <summary><c>$.steps.NAME.output</c></summary>
    StepOutput,
}

/// <summary>A query whose root is known.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="Root">The document it reads.</param>
/// <param name="Step">The step's name for <see cref="QueryRoot.StepOutput" />, else null.</param>
/// <param name="Rest">The selectors within that document.</param>
internal sealed record Query(string Text, QueryRoot Root, string? Step, ImmutableArray<Selector> Rest)
{
    private static readonly string[] Roots = ["input", "saga", "steps"];

    /// <summary>The fields of <c>$.saga</c>; only <c>tags</c> has parts.</summary>
    internal static readonly string[] SagaFields =
        ["id", "definition", "definitionVersion", "startedAt", "expiresAt", "businessKey", "tags"];

    /// <summary>
    /// Null when the text is no query that can be answered; then <paramref name="problem" /> is a sentence.
    /// </summary>
    public static Query? Read(string text, out string? problem)
    {
        if (QueryParser.Parse(text, out problem) is not { } selectors)
        {
            problem = $"\"{Shorten(text)}\" is not a query: {problem}. "
                + "A text that begins with \"$\" without being a query is written with \"$$\".";
            return null;
        }

        var query = selectors.IsEmpty ? null : selectors[0].Name switch
        {
            "input" => new Query(text, QueryRoot.Input, null, selectors[1..]),
            "saga" => ReadSaga(text, selectors, out problem),
            "steps" => ReadStep(text, selectors, out problem),
            _ => null,
        };
        if (query is null && problem is null) problem = UnknownRoot(text, selectors);
        return query;
    }

    private static Query? ReadSaga(string text, ImmutableArray<Selector> selectors, out string? problem)
    {
        problem = null;
        if (selectors.Length == 1) return new Query(text, QueryRoot.Saga, null, []);
        var field = selectors[1].Name;
        if (field is null || !SagaFields.Contains(field))
            problem = $"\"{text}\": $.saga has no such field. {NearestName.Suggest(field ?? "", SagaFields)}";
        else if (selectors.Length > 2 && field != "tags")
            problem = $"\"{text}\": $.saga.{field} has no parts; only $.saga.tags has.";
        return problem is null ? new Query(text, QueryRoot.Saga, null, selectors[1..]) : null;
    }

    private static Query? ReadStep(string text, ImmutableArray<Selector> selectors, out string? problem)
    {
        problem = null;
        if (selectors.Length >= 3 && selectors[1].Name is { } step && selectors[2].Name == "output")
            return new Query(text, QueryRoot.StepOutput, step, selectors[3..]);
        problem = $"\"{text}\": of a step only its output can be read. Write $.steps.NAME.output and what follows.";
        return null;
    }

    private static string UnknownRoot(string text, ImmutableArray<Selector> selectors)
    {
        const string roots = "A query begins with $.input, $.saga or $.steps.NAME.output.";
        var written = selectors.IsEmpty ? null : selectors[0].Name;
        return written is null ? $"\"{text}\": {roots}" : $"\"{text}\": {roots} {NearestName.Suggest(written, Roots)}";
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "...";
}
