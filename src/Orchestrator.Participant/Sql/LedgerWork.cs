using System.Data.Common;
using Dapper;

namespace Orchestrator.Participant.Sql;

/// <summary>One open transaction on the ledger's database.</summary>
internal sealed class LedgerWork(ISqlDialect dialect, DbConnection connection, DbTransaction transaction)
{
    internal ISqlDialect Dialect => dialect;

    internal DbConnection Connection => connection;

    internal DbTransaction Transaction => transaction;

    /// <summary>True when nothing of this transaction shall stay, though nothing went wrong.</summary>
    internal bool IsDiscarded { get; private set; }

    internal void Discard() => IsDiscarded = true;

    internal Task SetSavepointAsync() => ExecuteAsync(dialect.Savepoint);

    internal async Task RollBackToSavepointAsync()
    {
        await ExecuteAsync(dialect.RollbackToSavepoint);
        await ReleaseSavepointAsync();
    }

    /// <summary>
    /// The same after an error, which may have ended the whole transaction: false then, and nothing of it stays.
    /// </summary>
    internal async Task<bool> TryRollBackToSavepointAsync()
    {
        try
        {
            await RollBackToSavepointAsync();
            return true;
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            return false;
        }
    }

    internal async Task ReleaseSavepointAsync()
    {
        if (dialect.ReleaseSavepoint is { } release) await ExecuteAsync(release);
    }

    private Task<int> ExecuteAsync(string sql) => connection.ExecuteAsync(sql, transaction: transaction);
}
