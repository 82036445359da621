namespace Orchestrator.Storage.Writing;

/// <summary>Rows of one commit that take each other's place.</summary>
internal static class Latest
{
    /// <summary>Of each key only the last row, in the order of the last ones.</summary>
    public static IReadOnlyList<T> Of<T, TKey>(List<T> rows, Func<T, TKey> key)
        where TKey : notnull
    {
        if (rows.Count <= 1) return rows;
        var last = new Dictionary<TKey, int>(rows.Count);
        for (var i = 0; i < rows.Count; i++) last[key(rows[i])] = i;
        return last.Count == rows.Count ? rows : [.. rows.Where((row, index) => last[key(row)] == index)];
    }
}
