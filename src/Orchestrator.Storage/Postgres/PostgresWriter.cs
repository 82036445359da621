using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Orchestrator.Storage.Servers;
using Orchestrator.Storage.Writing;

namespace Orchestrator.Storage.Postgres;

/// <summary>
/// Writes a commit as one batch, which is one transaction and one round trip: a statement per kind of row, each with an
/// array per column.
/// </summary>
internal sealed class PostgresWriter(NpgsqlConnection connection, Ownership ownership)
    : ServerWriter(connection, ownership)
{
    private const string Begin = "SELECT begin_commit($1, $2, $3, $4)";

    private readonly Dictionary<RowStatement, string> texts = [];

    /// <inheritdoc />
    protected override async Task<long> SendAsync(
        CommitHead head, IReadOnlyList<RowBuffer> parts, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Begin)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = head.Owner },
                new NpgsqlParameter<long> { TypedValue = head.Numbers },
                new NpgsqlParameter<long> { TypedValue = head.Made },
                new NpgsqlParameter<bool> { TypedValue = head.ChangesCatalog },
            },
        });
        foreach (var part in parts) batch.BatchCommands.Add(CommandOf(part, head));
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var number = reader.GetInt64(0);
        // Only at the end of the last result it is certain that no statement failed.
        while (await reader.NextResultAsync(cancel))
        {
            // The others bring no rows.
        }

        return number;
    }

    /// <summary>An error of a statement ends the transaction; one that ends the connection says nothing.</summary>
    protected override bool WasRolledBack(DbException exception) =>
        exception is PostgresException { InvariantSeverity: "ERROR" };

    private NpgsqlBatchCommand CommandOf(RowBuffer part, in CommitHead head)
    {
        if (!texts.TryGetValue(part.Statement, out var text))
            texts[part.Statement] = text = part.Statement.From(RowsOf(part.Statement.Columns));
        var command = new NpgsqlBatchCommand(text);
        for (var i = 0; i < part.Statement.Columns.Count; i++)
            command.Parameters.Add(ArrayOf(part.Statement.Columns[i].Type, part.Rows, i));
        if (part.Statement.Columns.All(column => column.Type != ColumnType.Number)) return command;
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = head.Commit.Base });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = head.Commit.Number });
        return command;
    }

    /// <summary>
    /// The rows as a table. Numbers that are new move with the number <c>begin_commit</c> has given the commit.
    /// </summary>
    private static string RowsOf(IReadOnlyList<Column> columns)
    {
        var (least, most) = (Parameter(columns.Count), Parameter(columns.Count + 1));
        var values = columns.Select(column => column.Type == ColumnType.Number
            ? $"CASE WHEN u.{column.Name} > {least} THEN u.{column.Name} - {most} "
                + $"+ (SELECT h.no FROM head h WHERE h.id = 1) ELSE u.{column.Name} END AS {column.Name}"
            : $"u.{column.Name}");
        var arrays = columns.Select((_, index) => Parameter(index));
        var names = columns.Select(column => column.Name);
        return $"(SELECT {string.Join(", ", values)} "
            + $"FROM unnest({string.Join(", ", arrays)}) AS u({string.Join(", ", names)}))";
    }

    private static string Parameter(int index) => string.Create(CultureInfo.InvariantCulture, $"${index + 1}");

    private static NpgsqlParameter ArrayOf(ColumnType type, IReadOnlyList<object?[]> rows, int column) => type switch
    {
        ColumnType.Number or ColumnType.Long =>
            Array(NpgsqlDbType.Bigint, rows.Select(row => (long?)row[column]).ToArray()),
        ColumnType.Int => Array(NpgsqlDbType.Integer, rows.Select(row => (int)row[column]!).ToArray()),
        ColumnType.Text => Array(NpgsqlDbType.Text, rows.Select(row => CleanText.Of((string?)row[column])).ToArray()),
        ColumnType.Bytes => Array(NpgsqlDbType.Bytea, rows.Select(row => (byte[])row[column]!).ToArray()),
        _ => throw new System.Diagnostics.UnreachableException($"Unknown type {type}."),
    };

    private static NpgsqlParameter Array(NpgsqlDbType type, object values) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values };
}
