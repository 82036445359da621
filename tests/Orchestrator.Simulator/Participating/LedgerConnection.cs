using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Participating;

/// <summary>A process's connection to a participant's database, which is one SQLite database in memory.</summary>
internal sealed class LedgerConnection(ParticipantDisk disk, SimulatedProcess process) : DbConnection
{
    /// <inheritdoc />
    [AllowNull]
    public override string ConnectionString { get; set; } = "simulated";

    /// <inheritdoc />
    public override string Database => "main";

    /// <inheritdoc />
    public override string DataSource => disk.Name;

    /// <inheritdoc />
    public override string ServerVersion => "3";

    /// <inheritdoc />
    public override ConnectionState State => ConnectionState.Open;

    /// <inheritdoc />
    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Open()
    {
    }

    /// <inheritdoc />
    public override void Close()
    {
    }

    /// <inheritdoc />
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        new LedgerTransaction(this, disk, process, disk.Inner.BeginTransaction(isolationLevel));

    /// <inheritdoc />
    protected override DbCommand CreateDbCommand() => new LedgerCommand(this, disk.Inner.CreateCommand());
}

/// <summary>A transaction whose commit may fail, or kill its process, before or after it was written.</summary>
internal sealed class LedgerTransaction(
    DbConnection connection, ParticipantDisk disk, SimulatedProcess process, SqliteTransaction inner) : DbTransaction
{
    private bool isOver;

    /// <inheritdoc />
    public override IsolationLevel IsolationLevel => IsolationLevel.Serializable;

    /// <inheritdoc />
    protected override DbConnection DbConnection => connection;

    /// <inheritdoc />
    public override void Commit() => throw new NotSupportedException("The library commits asynchronously.");

    /// <inheritdoc />
    public override Task CommitAsync(CancellationToken cancellationToken = default)
    {
        isOver = true;
        return disk.CommitAsync(inner, process);
    }

    /// <inheritdoc />
    public override void Rollback()
    {
        if (isOver) return;
        isOver = true;
        inner.Rollback();
        inner.Dispose();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing) Rollback();
        base.Dispose(disposing);
    }
}

/// <summary>A statement; it goes to SQLite as it is.</summary>
internal sealed class LedgerCommand(DbConnection connection, SqliteCommand inner) : DbCommand
{
    /// <inheritdoc />
    [AllowNull]
    public override string CommandText
    {
        get => inner.CommandText;
        set => inner.CommandText = value;
    }

    /// <inheritdoc />
    public override int CommandTimeout { get; set; }

    /// <inheritdoc />
    public override CommandType CommandType { get; set; } = CommandType.Text;

    /// <inheritdoc />
    public override bool DesignTimeVisible { get; set; }

    /// <inheritdoc />
    public override UpdateRowSource UpdatedRowSource { get; set; }

    /// <inheritdoc />
    protected override DbConnection? DbConnection { get; set; } = connection;

    /// <inheritdoc />
    protected override DbParameterCollection DbParameterCollection => inner.Parameters;

    /// <inheritdoc />
    protected override DbTransaction? DbTransaction { get; set; }

    /// <inheritdoc />
    public override void Cancel()
    {
    }

    /// <inheritdoc />
    public override int ExecuteNonQuery() => inner.ExecuteNonQuery();

    /// <inheritdoc />
    public override object? ExecuteScalar() => inner.ExecuteScalar();

    /// <inheritdoc />
    public override void Prepare() => inner.Prepare();

    /// <inheritdoc />
    protected override DbParameter CreateDbParameter() => inner.CreateParameter();

    /// <inheritdoc />
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => inner.ExecuteReader(behavior);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>What a database says that does not work.</summary>
internal sealed class LedgerFault(string message) : DbException(message);
