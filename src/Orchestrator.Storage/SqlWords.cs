namespace Orchestrator.Storage;

/// <summary>The few words of a query that databases say differently.</summary>
/// <param name="Top">After SELECT: of the sorted rows only the first <c>@limit</c>; empty where the end says
/// it.</param>
/// <param name="Limit">At the end of a query: the same; empty where its beginning says it.</param>
/// <param name="Unindexed">Before a column whose index would cost more than it saves; empty where the database
/// knows.</param>
internal sealed record SqlWords(string Top, string Limit, string Unindexed);
