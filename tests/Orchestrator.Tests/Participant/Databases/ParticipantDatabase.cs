using System.Data.Common;
using System.Globalization;
using Dapper;
using Orchestrator.Participant;

namespace Orchestrator.Tests.Participant.Databases;

/// <summary>
/// A business database of a participant's own: a stock of 100 pieces, and notes of every run of a handler that stayed.
/// Nothing of it outlives the test.
/// </summary>
internal abstract class ParticipantDatabase : IDisposable
{
    public abstract LedgerDialect Dialect { get; }

    /// <summary>A new database of that kind, empty but for the stock.</summary>
    public static ParticipantDatabase Create(LedgerDialect dialect, bool readsVersions = false) => dialect switch
    {
        LedgerDialect.Sqlite => new SqliteDatabase(),
        LedgerDialect.Postgres => new PostgresDatabase(),
        LedgerDialect.SqlServer => new SqlServerDatabase(readsVersions),
        _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect, "Unknown."),
    };

    /// <summary>A new connection, closed, as a participant makes it.</summary>
    public abstract DbConnection Connect();

    /// <summary>The same for a participant that does not wait long for the whole database.</summary>
    public virtual DbConnection ConnectImpatiently() => Connect();

    /// <summary>An open connection of the test's own.</summary>
    public DbConnection Open()
    {
        var connection = Connect();
        connection.Open();
        return connection;
    }

    /// <summary>Keeps everybody else from writing to the ledger until it is disposed.</summary>
    public abstract IDisposable Block();

    /// <summary>Counts this database's transactions that wait for a lock.</summary>
    public virtual string CountOfWaiting => throw new NotSupportedException("This database has one writer.");

    /// <summary>Waits for the transactions that are writing now.</summary>
    public abstract void WaitForWriter();

    /// <summary>Which handlers ran and stayed, in order.</summary>
    public IReadOnlyList<string> Notes(string? sagaId = null)
    {
        using var connection = Open();
        return sagaId is null
            ? connection.Query<string>("SELECT what FROM notes ORDER BY id").ToList()
            : connection.Query<string>("SELECT what FROM notes WHERE saga_id = @sagaId ORDER BY id", new { sagaId }).ToList();
    }

    public long Scalar(string sql)
    {
        using var connection = Open();
        return Convert.ToInt64(connection.ExecuteScalar(sql), CultureInfo.InvariantCulture);
    }

    public void Execute(string sql)
    {
        using var connection = Open();
        connection.Execute(sql);
    }

    public long Available() => Scalar("SELECT available FROM stock");

    public abstract void Dispose();
}
