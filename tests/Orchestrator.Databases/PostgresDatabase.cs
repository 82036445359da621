using Npgsql;

namespace Orchestrator.Databases;

/// <summary>A database of a test's own. Disposing drops it, also while somebody is connected.</summary>
/// <param name="server">Where it is.</param>
/// <param name="name">Its name there.</param>
/// <param name="connectionString">How to connect to it, for Npgsql; other processes of this machine may use it.</param>
public sealed class PostgresDatabase(PostgresServer server, string name, string connectionString) : IServerDatabase
{
    /// <summary>How to connect to it, for Npgsql; other processes of this machine may use it too.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>Drops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new NpgsqlConnection(ConnectionString)) NpgsqlConnection.ClearPool(pooled);
        await server.ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }
}
