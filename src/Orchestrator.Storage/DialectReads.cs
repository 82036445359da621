using System.Data.Common;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Servers;

namespace Orchestrator.Storage;

/// <summary>Reads on a connection of their own, with the driver's failures put into sentences.</summary>
internal static class DialectReads
{
    public static Task<T> ReadAsync<T>(
        this ISqlDialect dialect, Func<DbConnection, Task<T>> read, CancellationToken cancel) =>
        UseAsync(dialect, dialect.OpenReaderAsync, read, cancel);

    /// <summary>The same on a connection that may write.</summary>
    public static Task<T> KeepAsync<T>(
        this IServerDialect dialect, Func<DbConnection, Task<T>> act, CancellationToken cancel) =>
        UseAsync(dialect, dialect.OpenKeeperAsync, act, cancel);

    private static async Task<T> UseAsync<T>(
        ISqlDialect dialect,
        Func<CancellationToken, ValueTask<DbConnection>> open,
        Func<DbConnection, Task<T>> act,
        CancellationToken cancel)
    {
        try
        {
            await using var connection = await open(cancel);
            return await act(connection);
        }
        catch (Exception e) when (dialect.Explain(e) is { } text)
        {
            throw new StoreUnavailableException(text, e);
        }
    }
}
