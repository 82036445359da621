using System.Buffers;
using System.Data;
using System.Data.Common;
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
internal sealed class SqlServerWriter(DbConnection connection, Ownership ownership)
    : ServerWriter(connection, ownership)
{
    private readonly Dictionary<(RowStatement Statement, int Place), string> texts = [];
    private readonly ArrayBufferWriter<byte> json = new();

    /// <inheritdoc />
    protected override async Task<long> SendAsync(
        CommitHead head, IReadOnlyList<RowBuffer> parts, CancellationToken cancel)
    {
        var text = new StringBuilder(SqlServerText.Begin);
        await using var command = Connection.CreateCommand();
        command.CommandTimeout = StorageLimits.ServerCommandSeconds;
        Add(command, "@me", DbType.Int64, head.Owner);
        Add(command, "@numbers", DbType.Int64, head.Numbers);
        Add(command, "@made", DbType.Int64, head.Made);
        Add(command, "@catalog", DbType.Boolean, head.ChangesCatalog);
        Add(command, "@base", DbType.Int64, head.Commit.Base);
        Add(command, "@number", DbType.Int64, head.Commit.Number);
        for (var i = 0; i < parts.Count; i++)
        {
            text.Append(TextOf(parts[i].Statement, i));
            Add(command, SqlServerText.Name(i), DbType.String, JsonOf(parts[i]));
        }

        command.CommandText = text.Append(SqlServerText.End).ToString();
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>
    /// An error of a statement rolls back; one of the connection, or a timeout of ours, says nothing.
    /// </summary>
    protected override bool WasRolledBack(DbException exception) =>
        exception is SqlException { Class: < SqlServerErrors.EndsConnection, Number: > 0 };

    private string TextOf(RowStatement statement, int place)
    {
        if (!texts.TryGetValue((statement, place), out var text))
            texts[(statement, place)] = text = SqlServerText.Of(statement, place);
        return text;
    }

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

    private static void Add(DbCommand command, string name, DbType type, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, value);
        // NVARCHAR(MAX), whatever the length: another length would be another text to plan.
        if (type == DbType.String) parameter.Size = -1;
        command.Parameters.Add(parameter);
    }
}
