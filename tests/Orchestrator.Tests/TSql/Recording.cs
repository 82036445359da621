using System.Data;
using System.Globalization;

namespace Orchestrator.Tests.TSql;

/// <summary>A statement as it would have gone to the server.</summary>
/// <param name="Text">All of its text.</param>
/// <param name="Parameters">What goes beside it, by name without the sign.</param>
internal sealed record SentStatement(string Text, IReadOnlyList<SentParameter> Parameters);

/// <summary>A parameter as the driver would have got it.</summary>
internal sealed record SentParameter(string Name, DbType Type, int Size, object? Value);

/// <summary>
/// Takes the place of a SQL Server: keeps what was sent, and answers rows that were given for a piece of a statement.
/// Safe for several threads.
/// </summary>
internal sealed class Recording
{
    private readonly List<SentStatement> sent = [];
    private readonly List<(string Piece, object[] Rows)> answers = [];

    /// <summary>The connection strings, one of each.</summary>
    public HashSet<string> Connections { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<SentStatement> Sent
    {
        get
        {
            lock (sent) return [.. sent];
        }
    }

    /// <summary>
    /// Answers statements with this piece with rows: objects whose properties are the columns. The first piece wins.
    /// </summary>
    public Recording Answer(string piece, params object[] rows)
    {
        answers.Add((piece, rows));
        return this;
    }

    /// <summary>A closed connection.</summary>
    public RecordingConnection Connect(string connectionString)
    {
        lock (sent) Connections.Add(connectionString);
        return new RecordingConnection(this) { ConnectionString = connectionString };
    }

    public void Keep(SentStatement statement)
    {
        lock (sent) sent.Add(statement);
    }

    /// <summary>The rows for a statement; none, without columns, when nothing was given for it.</summary>
    public DataTable RowsFor(string text)
    {
        var table = new DataTable { Locale = CultureInfo.InvariantCulture };
        var rows = answers.Find(answer => text.Contains(answer.Piece, StringComparison.Ordinal)).Rows ?? [];
        foreach (var row in rows)
        {
            var values = row.GetType().GetProperties();
            if (table.Columns.Count == 0)
                foreach (var value in values)
                    table.Columns.Add(
                        value.Name, Nullable.GetUnderlyingType(value.PropertyType) ?? value.PropertyType);
            table.Rows.Add([.. values.Select(value => value.GetValue(row) ?? DBNull.Value)]);
        }

        return table;
    }
}
