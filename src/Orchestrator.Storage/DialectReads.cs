using System.Data.Common;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>Reads on a connection of their own, with the driver's failures put into sentences.</summary>
internal static class DialectReads
{
    public static async Task<T> ReadAsync<T>(
        this ISqlDialect dialect, Func<DbConnection, Task<T>> read, CancellationToken cancel)
    {
        try
        {
            await using var connection = await dialect.OpenReaderAsync(cancel);
            return await read(connection);
        }
        catch (Exception e) when (dialect.Explain(e) is { } text)
        {
            throw new StoreUnavailableException(text, e);
        }
    }
}
