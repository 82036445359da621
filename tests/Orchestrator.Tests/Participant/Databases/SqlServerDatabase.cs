using System.Data.Common;
using Dapper;
using Orchestrator.Participant;
using ServerDatabase = Orchestrator.Databases.SqlServerDatabase;

namespace Orchestrator.Tests.Participant.Databases;

/// <summary>A database of its own on the SQL Server that the environment names, dropped with it.</summary>
internal sealed class SqlServerDatabase : ParticipantDatabase
{
    private readonly ServerDatabase database;

    /// <param name="readsVersions">
    /// READ_COMMITTED_SNAPSHOT: plain reads see the last committed version of a row and wait for no lock.
    /// </param>
    public SqlServerDatabase(bool readsVersions)
    {
        database = ServerDatabase.Create(readsVersions);
        using var connection = Open();
        connection.Execute(
            """
            CREATE TABLE notes (
                id BIGINT IDENTITY PRIMARY KEY, saga_id NVARCHAR(100), step NVARCHAR(200), what NVARCHAR(100),
                detail NVARCHAR(100), attempt INT);
            CREATE TABLE stock (available INT NOT NULL);
            INSERT INTO stock VALUES (100);
            """);
    }

    public override LedgerDialect Dialect => LedgerDialect.SqlServer;

    public override string CountOfWaiting =>
        "SELECT COUNT(*) FROM sys.dm_exec_requests WHERE blocking_session_id <> 0 AND database_id = DB_ID()";

    public override DbConnection Connect() => database.Connect();

    public override IDisposable Block() => Lock("saga_ledger");

    public override void WaitForWriter() => Lock("stock").Dispose();

    public override void Dispose() => database.Drop();

    private Held Lock(string table)
    {
        var connection = Open();
        var transaction = connection.BeginTransaction();
        connection.Execute($"SELECT COUNT(*) FROM {table} WITH (TABLOCKX, HOLDLOCK)", transaction: transaction);
        return new Held(connection, transaction);
    }
}
