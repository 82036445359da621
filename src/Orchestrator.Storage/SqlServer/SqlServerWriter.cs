using System.Buffers;
using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.SqlClient;
using Orchestrator.Storage.Servers;
using Orchestrator.Storage.Writing;

namespace Orchestrator.Storage.SqlServer;

/// <summary>
/// Writes a commit as one command, which begins and ends the transaction itself: SQL Server ends no transaction of a
/// client that has stopped in its middle. The rows of a statement are one parameter, a JSON array, so that 2,100
/// parameters are enough for every commit.
/// </summary>
internal sealed class SqlServerWriter(SqlConnection connection, Ownership ownership)
    : ServerWriter(connection, ownership)
{
    // Every error of any statement rolls back the whole transaction (XACT_ABORT).
    private const string Begin = """
        SET NOCOUNT ON;
        SET XACT_ABORT ON;
        DECLARE @last BIGINT;
        BEGIN TRANSACTION;
        UPDATE head SET no = no + @numbers, catalog_no = CASE WHEN @catalog = 1 THEN no + @numbers ELSE catalog_no END
        WHERE id = 1;
        SELECT @last = no FROM head WHERE id = 1;
        UPDATE owners SET last_no = @last, commits = @made WHERE token = @me AND commits = @made - 1;
        IF @@ROWCOUNT <> 1 THROW 50070, N'The owner does not own its sagas any more.', 1;

        """;

    private const string End = """
        COMMIT TRANSACTION;
        SELECT @last;
        """;

    private readonly Dictionary<(RowStatement Statement, int Place), string> texts = [];
    private readonly ArrayBufferWriter<byte> json = new();

    /// <inheritdoc />
    protected override async Task<long> SendAsync(
        CommitHead head, IReadOnlyList<RowBuffer> parts, CancellationToken cancel)
    {
        var text = new StringBuilder(Begin);
        await using var command = new SqlCommand
        {
            Connection = connection,
            CommandTimeout = StorageLimits.ServerCommandSeconds,
        };
        Add(command, "@me", SqlDbType.BigInt, head.Owner);
        Add(command, "@numbers", SqlDbType.BigInt, head.Numbers);
        Add(command, "@made", SqlDbType.BigInt, head.Made);
        Add(command, "@catalog", SqlDbType.Bit, head.ChangesCatalog);
        Add(command, "@base", SqlDbType.BigInt, head.Commit.Base);
        Add(command, "@number", SqlDbType.BigInt, head.Commit.Number);
        for (var i = 0; i < parts.Count; i++)
        {
            text.Append(TextOf(parts[i].Statement, i)).Append(";\n");
            Add(command, Name(i), SqlDbType.NVarChar, JsonOf(parts[i]), size: -1);
        }

        command.CommandText = text.Append(End).ToString();
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>An error of a statement rolls back; one of the connection, or a timeout of ours, says nothing.</summary>
    protected override bool WasRolledBack(DbException exception) =>
        exception is SqlException { Class: < SqlServerErrors.EndsConnection, Number: > 0 };

    private string TextOf(RowStatement statement, int place)
    {
        if (!texts.TryGetValue((statement, place), out var text))
            texts[(statement, place)] = text = statement.From(RowsOf(statement.Columns, place));
        return text;
    }

    /// <summary>
    /// The rows as a table. Texts get the collation of our columns: without one, a comparison with them would be
    /// refused in a database of another collation. Numbers that are new move with the commit.
    /// </summary>
    private static string RowsOf(IReadOnlyList<Column> columns, int place)
    {
        var values = columns.Select(column => column.Type switch
        {
            ColumnType.Number =>
                $"CASE WHEN j.{column.Name} > @base THEN j.{column.Name} - @number + @last ELSE j.{column.Name} END "
                + $"AS {column.Name}",
            ColumnType.Text => $"j.{column.Name} COLLATE {SqlServerSchema.Collation} AS {column.Name}",
            ColumnType.Long or ColumnType.Int or ColumnType.Bytes => $"j.{column.Name}",
            _ => throw new System.Diagnostics.UnreachableException($"Unknown type {column.Type}."),
        });
        var shape = columns.Select((column, index) =>
            string.Create(CultureInfo.InvariantCulture, $"{column.Name} {TypeOf(column)} '$[{index}]'"));
        return $"(SELECT {string.Join(", ", values)} "
            + $"FROM OPENJSON({Name(place)}) WITH ({string.Join(", ", shape)}) AS j)";
    }

    private static string TypeOf(Column column) => column.Type switch
    {
        ColumnType.Number or ColumnType.Long => "BIGINT",
        ColumnType.Int => "INT",
        ColumnType.Text when column.Length > 0 =>
            string.Create(CultureInfo.InvariantCulture, $"NVARCHAR({column.Length})"),
        ColumnType.Text => "NVARCHAR(MAX)",
        // OPENJSON reads it from Base64.
        ColumnType.Bytes => "VARBINARY(MAX)",
        _ => throw new System.Diagnostics.UnreachableException($"Unknown type {column.Type}."),
    };

    private string JsonOf(RowBuffer part)
    {
        json.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartArray();
            foreach (var row in part.Rows)
            {
                writer.WriteStartArray();
                foreach (var value in row) Write(writer, value);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case string text:
                writer.WriteStringValue(CleanText.Of(text));
                break;
            case byte[] bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No column holds a {value.GetType().Name}.");
        }
    }

    private static string Name(int place) => string.Create(CultureInfo.InvariantCulture, $"@rows{place}");

    private static void Add(SqlCommand command, string name, SqlDbType type, object value, int size = 0) =>
        command.Parameters.Add(new SqlParameter(name, type) { Value = value, Size = size });
}
