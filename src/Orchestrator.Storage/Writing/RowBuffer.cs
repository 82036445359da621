namespace Orchestrator.Storage.Writing;

/// <summary>Keeps the rows of one statement until the whole commit is sent. Not safe for several threads.</summary>
internal sealed class RowBuffer(RowStatement statement) : IRows
{
    private readonly object?[] next = new object?[statement.Columns.Count];
    private readonly List<object?[]> rows = [];

    /// <summary>What writes them.</summary>
    public RowStatement Statement { get; } = statement;

    /// <summary>The rows, each with its values in the order of the columns.</summary>
    public IReadOnlyList<object?[]> Rows => rows;

    /// <inheritdoc />
    public object? this[int index]
    {
        set => next[index] = value;
    }

    /// <inheritdoc />
    public void Write() => rows.Add([.. next]);

    /// <summary>Forgets the rows, before the next commit.</summary>
    public void Clear() => rows.Clear();
}
