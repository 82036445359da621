using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orchestrator.Participant.Sql;

/// <summary>Opens connections and runs transactions. The one place where a busy database is tried again.</summary>
internal sealed class LedgerDatabase(IOptions<SagaParticipantOptions> options, ILogger<LedgerDatabase> logger)
    : IDisposable
{
    private readonly SemaphoreSlim writer = new(1, 1);
    private long begun;
    private int waiting;

    /// <summary>
    /// The clock by which the database is waited for; not the business's, which a test may have stopped.
    /// </summary>
    internal TimeProvider Waiting { get; } = options.Value.Waiting;

    /// <summary>How many transactions were begun so far, or stand in line to be.</summary>
    internal long Begun => Interlocked.Read(ref begun);

    /// <summary>
    /// Whether somebody stands in line for the only writer; never where there are many.
    /// </summary>
    internal bool IsAwaited => Volatile.Read(ref waiting) > 0;

    internal ISqlDialect Dialect { get; } = options.Value.Dialect switch
    {
        LedgerDialect.Sqlite => new SqliteDialect(),
        LedgerDialect.Postgres => new PostgresDialect(),
        LedgerDialect.SqlServer => new SqlServerDialect(),
        _ => throw new InvalidOperationException("SagaParticipantOptions.Dialect is missing."),
    };

    /// <summary>
    /// Runs work in a transaction and commits it, unless it throws or discards itself. Work that the database turned
    /// away as busy is run again from the start, a few times; then <see cref="LedgerBusyException" />.
    /// </summary>
    internal async Task<T> RunAsync<T>(Func<LedgerWork, Task<T>> work, CancellationToken cancel)
    {
        var startedAt = Waiting.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await RunOnceAsync(work, cancel);
            }
            catch (Exception exception) when (IsPassing(exception))
            {
                if (tries == ParticipantLimits.TransactionTries
                    || Waiting.GetElapsedTime(startedAt) > ParticipantLimits.TransactionPatience)
                    throw new LedgerBusyException(exception);
                Log.TransactionTriedAgain(logger, tries, exception.Message);
            }

            await Task.Delay(ParticipantLimits.TransactionPause * (1 << (tries - 1)), Waiting, cancel);
        }
    }

    /// <summary>Runs statements that only read, or that create tables, outside a transaction.</summary>
    internal async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        return await read(connection);
    }

    /// <summary>
    /// Moves the database's log while others may write. Where that fails, whoever commits moves it once it is long.
    /// </summary>
    internal async Task MoveLogAsync(CancellationToken cancel)
    {
        if (Dialect.MoveLog is not { } sql) return;
        try
        {
            await ReadAsync(
                connection => connection.ExecuteAsync(sql, commandTimeout: ParticipantLimits.MoveLogSeconds), cancel);
        }
        catch (DbException exception)
        {
            Log.LogNotMoved(logger, exception);
        }
    }

    /// <inheritdoc />
    public void Dispose() => writer.Dispose();

    private async Task<T> RunOnceAsync<T>(Func<LedgerWork, Task<T>> work, CancellationToken cancel)
    {
        Interlocked.Increment(ref begun);
        if (!Dialect.HasSingleWriter) return await RunInTransactionAsync(work, cancel);
        await TakeWriterAsync(cancel);
        try
        {
            return await RunInTransactionAsync(work, cancel);
        }
        finally
        {
            writer.Release();
        }
    }

    private async Task TakeWriterAsync(CancellationToken cancel)
    {
        Interlocked.Increment(ref waiting);
        try
        {
            // Behind an action that hangs nobody waits for ever: the caller has given up by then and comes again.
            if (!await writer.WaitAsync(ParticipantLimits.TransactionPatience, cancel))
                throw new LedgerBusyException(
                    new TimeoutException("Another transaction keeps the database's one writer."));
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<T> RunInTransactionAsync<T>(Func<LedgerWork, Task<T>> work, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        // Disposing an uncommitted transaction rolls it back.
        await using var transaction = await connection.BeginTransactionAsync(Dialect.Isolation, cancel);
        var open = new LedgerWork(Dialect, connection, transaction);
        var answer = await work(open);
        if (open.IsDiscarded)
            await transaction.RollbackAsync(CancellationToken.None);
        else
            await transaction.CommitAsync(CancellationToken.None);
        return answer;
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = await options.Value.Connect!(cancel);
        try
        {
            if (connection.State != ConnectionState.Open) await connection.OpenAsync(cancel);
            if (Dialect.OnOpened is { } sql) await connection.ExecuteAsync(sql);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private bool IsPassing(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is LedgerMovedException) return true;
            if (inner is DbException database && Dialect.IsPassing(database)) return true;
        }

        return false;
    }
}
