using System.Data.Common;
using System.Globalization;

namespace Orchestrator.Storage.Writing;

/// <summary>
/// One statement of the writer, prepared once and executed for each row at once. Belongs to one connection; not safe
/// for several threads.
/// </summary>
internal sealed class PreparedStatement : IRows, IDisposable
{
    private readonly DbCommand command;
    private readonly DbParameter[] parameters;

    public PreparedStatement(DbConnection connection, RowStatement statement)
    {
        command = connection.CreateCommand();
        command.CommandText = statement.One;
        parameters = new DbParameter[statement.Columns.Count];
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{i}");
            command.Parameters.Add(parameter);
            parameters[i] = parameter;
        }
    }

    /// <summary>The transaction of the commit that is being written.</summary>
    public DbTransaction? Transaction { get; set; }

    /// <inheritdoc />
    public object? this[int index]
    {
        set => parameters[index].Value = value ?? DBNull.Value;
    }

    /// <inheritdoc />
    public void Write() => Execute();

    /// <summary>Executes it and answers the number of rows.</summary>
    public int Execute()
    {
        if (command.Transaction != Transaction) command.Transaction = Transaction;
        return command.ExecuteNonQuery();
    }

    /// <inheritdoc />
    public void Dispose() => command.Dispose();
}
