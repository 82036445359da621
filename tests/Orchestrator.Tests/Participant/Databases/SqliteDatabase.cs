using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Orchestrator.Participant;

namespace Orchestrator.Tests.Participant.Databases;

/// <summary>A file in a folder of its own, deleted with it.</summary>
internal sealed class SqliteDatabase : ParticipantDatabase
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("saga-participant-");

    public SqliteDatabase()
    {
        using var connection = Open();
        connection.Execute(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE notes (
                id INTEGER PRIMARY KEY, saga_id TEXT, step TEXT, what TEXT, detail TEXT, attempt INTEGER);
            CREATE TABLE stock (available INTEGER NOT NULL);
            INSERT INTO stock VALUES (100);
            """);
    }

    public override LedgerDialect Dialect => LedgerDialect.Sqlite;

    public string FilePath => Path.Combine(folder.FullName, "participant.db");

    public string ConnectionString => $"Data Source={FilePath};Default Timeout=10";

    public override DbConnection Connect() => new SqliteConnection(ConnectionString);

    public override DbConnection ConnectImpatiently() => new SqliteConnection($"Data Source={FilePath};Default Timeout=1");

    // An immediate transaction: it owns the whole file for writing.
    public override IDisposable Block()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        return new Held(connection, connection.BeginTransaction());
    }

    public override void WaitForWriter() => Block().Dispose();

    public override void Dispose()
    {
        using (var connection = new SqliteConnection(ConnectionString)) SqliteConnection.ClearPool(connection);
        using (var connection = new SqliteConnection($"Data Source={FilePath};Default Timeout=1"))
            SqliteConnection.ClearPool(connection);
        folder.Delete(recursive: true);
    }
}
