using System.Data.Common;
using Dapper;
using Npgsql;
using Orchestrator.Databases;
using Orchestrator.Participant;

namespace Orchestrator.Tests.Participant.Databases;

/// <summary>A database of its own on the tests' PostgreSQL server, dropped with it.</summary>
internal sealed class PostgresDatabase : ParticipantDatabase
{
    // Enough for twenty races at once and the watchers of both replicas.
    private const int Connections = 25;

    // On a thread of the pool: the tests' own threads are few, and one of them waits here.
    private readonly Orchestrator.Databases.PostgresDatabase database =
        Task.Run(PostgresServer.CreateDatabaseAsync).GetAwaiter().GetResult();
    private readonly string connectionString;

    public PostgresDatabase()
    {
        connectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            MaxPoolSize = Connections,
        }.ConnectionString;
        using var connection = Open();
        connection.Execute(
            """
            CREATE TABLE notes (
                id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, saga_id TEXT, step TEXT, what TEXT, detail TEXT,
                attempt INTEGER);
            CREATE TABLE stock (available INTEGER NOT NULL);
            INSERT INTO stock VALUES (100);
            """);
    }

    public override LedgerDialect Dialect => LedgerDialect.Postgres;

    public override string CountOfWaiting => """
        SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
        """;

    public override DbConnection Connect() => new NpgsqlConnection(connectionString);

    public override IDisposable Block() => Lock("saga_ledger", "ACCESS EXCLUSIVE");

    public override void WaitForWriter() => Lock("stock", "EXCLUSIVE").Dispose();

    public override void Dispose()
    {
        using (var pooled = new NpgsqlConnection(connectionString)) NpgsqlConnection.ClearPool(pooled);
        Task.Run(() => database.DisposeAsync().AsTask()).GetAwaiter().GetResult();
    }

    private Held Lock(string table, string mode)
    {
        var connection = Open();
        var transaction = connection.BeginTransaction();
        connection.Execute($"LOCK TABLE {table} IN {mode} MODE", transaction: transaction);
        return new Held(connection, transaction);
    }
}
