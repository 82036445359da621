using System.Data.Common;
using Microsoft.Data.Sqlite;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Writing;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// Writes row by row within the process: prepared statements cost less here than any way to say more at once.
/// </summary>
internal sealed class SqliteWriter : IStoreWriter
{
    private static readonly RowStatement Count = RowStatement.Of(
        "UPDATE head SET no = (SELECT r.no FROM {rows} r) WHERE id = 1 AND no < (SELECT r.no FROM {rows} r)",
        Column.Long("no"));

    private readonly SqliteConnection connection;
    private readonly List<PreparedStatement> statements = [];
    private readonly PreparedStatement head;
    private readonly CommitWriter rows;
    private DbTransaction? transaction;

    private SqliteWriter(SqliteConnection connection, long lastNumber)
    {
        this.connection = connection;
        LastNumber = lastNumber;
        head = Prepare(Count);
        rows = new CommitWriter(Prepare, Owner);
    }

    /// <inheritdoc />
    public DbConnection Connection => connection;

    /// <inheritdoc />
    public long Owner => 0;

    /// <inheritdoc />
    public long LastNumber { get; }

    /// <inheritdoc />
    public long Commits => -1;

    /// <inheritdoc />
    public bool FateUnknown { get; private set; }

    /// <summary>A writer on an open connection whose schema is up to date.</summary>
    public static async Task<SqliteWriter> OpenAsync(SqliteConnection connection, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT no FROM head";
        return new SqliteWriter(connection, (long)(await command.ExecuteScalarAsync(cancel))!);
    }

    /// <inheritdoc />
    public async Task WriteAsync(StoreCommit commit, CancellationToken cancel)
    {
        transaction = await connection.BeginTransactionAsync(cancel);
        foreach (var statement in statements) statement.Transaction = transaction;
        head[0] = commit.Number;
        if (head.Execute() != 1)
            throw new StoreUnavailableException(
                $"Commit {commit.Number} is not above the last one: another engine wrote to this store.");
        rows.Write(commit);
        FateUnknown = true;
        await transaction.CommitAsync(CancellationToken.None);
        FateUnknown = false;
        await transaction.DisposeAsync();
    }

    /// <summary>Also after a commit that failed: what is open of it is rolled back.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (transaction is not null) await transaction.DisposeAsync();
            foreach (var statement in statements) statement.Dispose();
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    private PreparedStatement Prepare(RowStatement statement)
    {
        var prepared = new PreparedStatement(connection, statement);
        statements.Add(prepared);
        return prepared;
    }
}
