namespace Orchestrator.Storage;

/// <summary>The few words of a query that databases say differently.</summary>
/// <param name="Top">After SELECT: of the sorted rows only the first <c>@limit</c>; empty where the end says
/// it.</param>
/// <param name="Limit">At the end of a query: the same; empty where its beginning says it.</param>
/// <param name="Unindexed">Before a column whose index would cost more than it saves; empty where the database
/// knows.</param>
internal sealed record SqlWords(string Top, string Limit, string Unindexed)
{
    /// <summary>True where "a" equals "a " in every comparison, whatever the collation.</summary>
    public bool PassesOverBlanks { get; init; }

    /// <summary>That a column holds exactly the text of a parameter, blanks at its end included.</summary>
    public string Is(string column, string parameter) => PassesOverBlanks
        ? $"{column} = {parameter} AND DATALENGTH({column}) = DATALENGTH({parameter})"
        : $"{column} = {parameter}";
}
