using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Shop.Serving;

/// <summary>A service's own SQLite file: business tables, effects and ledger side by side.</summary>
internal sealed class ShopDatabase(string path)
{
    private readonly string connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();

    /// <summary>Creates folder, file and tables where they are missing.</summary>
    internal async Task PrepareAsync(string schema, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var connection = await OpenAsync(cancel);
        await connection.ExecuteAsync("PRAGMA journal_mode = WAL");
        await connection.ExecuteAsync(schema + Effects.Schema);
    }

    /// <summary>Opens a connection on which a commit is on disk before it returns.</summary>
    internal async ValueTask<DbConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancel);
            await connection.ExecuteAsync("PRAGMA busy_timeout = 2000; PRAGMA synchronous = FULL");
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads one row, null when there is none.</summary>
    internal async Task<T?> FindAsync<T>(string sql, object parameters, CancellationToken cancel)
        where T : class
    {
        await using var connection = await OpenAsync(cancel);
        return await connection.QuerySingleOrDefaultAsync<T>(
            new CommandDefinition(sql, parameters, cancellationToken: cancel));
    }

    /// <summary>Reads rows.</summary>
    internal async Task<List<T>> ListAsync<T>(string sql, object parameters, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancel)))
            .AsList();
    }
}
