using System.Data.Common;
using System.Runtime.InteropServices;

namespace Orchestrator.Storage;

/// <summary>
/// One statement of the writer, prepared once and executed again and again. Belongs to one connection; not safe for
/// several threads.
/// </summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly DbCommand command;
    private readonly DbParameter[] parameters;

    /// <summary>The parameters are <c>@p0</c>, <c>@p1</c> ... in the order of their values.</summary>
    public PreparedStatement(DbConnection connection, string sql, int count)
    {
        command = connection.CreateCommand();
        command.CommandText = sql;
        parameters = new DbParameter[count];
        for (var i = 0; i < count; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@p" + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            command.Parameters.Add(parameter);
            parameters[i] = parameter;
        }
    }

    /// <summary>Value of the next execution; null becomes NULL. Values stay from one execution to the next.</summary>
    public object? this[int index]
    {
        set => parameters[index].Value = value ?? DBNull.Value;
    }

    /// <summary>Executes it and answers the number of rows.</summary>
    public int Execute(DbTransaction transaction)
    {
        command.Transaction = transaction;
        return command.ExecuteNonQuery();
    }

    /// <summary>Executes a query and answers the first value of the first row, or null.</summary>
    public object? Scalar(DbTransaction transaction)
    {
        command.Transaction = transaction;
        return command.ExecuteScalar();
    }

    /// <inheritdoc />
    public void Dispose() => command.Dispose();

    /// <summary>Bytes as the drivers take them: the array itself when the memory is all of one, else a copy.</summary>
    public static byte[] Bytes(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0
            && segment.Count == segment.Array!.Length
            ? segment.Array
            : memory.ToArray();
}
