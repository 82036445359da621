using System.Data;
using System.Data.Common;

namespace Orchestrator.Participant.Sql;

/// <summary>SQL Server 2016 or later. Read committed; update locks keep what was read as it was read.</summary>
internal sealed class SqlServerDialect : ISqlDialect
{
    private const int Deadlock = 1205;
    private const int LockTimeout = 1222;
    private const int UniqueIndex = 2601;
    private const int UniqueConstraint = 2627;
    private const int SnapshotConflict = 3960;
    private const int ObjectExists = 2714;
    private const int IndexExists = 1913;

    // Keys are compared by bytes (a BIN2 collation), so no two keys are equal in one database and different in another.
    public string Schema => """
        IF OBJECT_ID(N'saga_ledger', N'U') IS NULL
        CREATE TABLE saga_ledger (
            saga_id NVARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL,
            step NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
            action NVARCHAR(200) NOT NULL,
            kind NVARCHAR(20) NOT NULL,
            state NVARCHAR(20) NOT NULL,
            expires_at BIGINT NULL,
            due_at BIGINT NULL,
            data NVARCHAR(MAX) NULL,
            digest NVARCHAR(64) NULL,
            answer NVARCHAR(MAX) NULL,
            answer_code NVARCHAR(40) NULL,
            answer_text NVARCHAR(MAX) NULL,
            attempts INT NOT NULL,
            next_try_at BIGINT NULL,
            needs_attention INT NOT NULL,
            extended_by NVARCHAR(400) NULL,
            ended_at BIGINT NULL,
            ended_as NVARCHAR(20) NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            settled_at BIGINT NULL,
            CONSTRAINT saga_ledger_key PRIMARY KEY (saga_id, step),
            INDEX saga_ledger_open (state, due_at) WHERE settled_at IS NULL,
            INDEX saga_ledger_settled (settled_at) WHERE settled_at IS NOT NULL);
        IF OBJECT_ID(N'saga_ledger_identity', N'U') IS NULL
        CREATE TABLE saga_ledger_identity (
            id INT NOT NULL PRIMARY KEY CHECK (id = 1),
            ledger_id NVARCHAR(36) NOT NULL);
        """;

    public string OutboxSchema => """
        IF OBJECT_ID(N'saga_outbox', N'U') IS NULL
        CREATE TABLE saga_outbox (
            seq BIGINT IDENTITY NOT NULL PRIMARY KEY,
            id NVARCHAR(36) NOT NULL UNIQUE,
            aggregatetype NVARCHAR(255) NOT NULL,
            aggregateid NVARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL,
            type NVARCHAR(255) NOT NULL,
            payload NVARCHAR(MAX) NOT NULL,
            contenttype NVARCHAR(100) NOT NULL,
            traceparent NVARCHAR(200) NULL,
            occurred_at BIGINT NOT NULL,
            attempts INT NOT NULL,
            next_try_at BIGINT NOT NULL,
            INDEX saga_outbox_order (aggregateid, seq));
        """;

    public string? OnOpened => null;

    public bool HasSingleWriter => false;

    public IsolationLevel Isolation => IsolationLevel.ReadCommitted;

    public string Savepoint => "SAVE TRANSACTION saga_step";

    public string RollbackToSavepoint => "ROLLBACK TRANSACTION saga_step";

    public string? ReleaseSavepoint => null;

    // The range lock makes a second transaction wait that inserts the same key at the same time.
    public string InsertIfAbsent(string table, string columns, string values, string keyMatches) =>
        $"""
        INSERT INTO {table} ({columns}) SELECT {values}
        WHERE NOT EXISTS (SELECT 1 FROM {table} WITH (UPDLOCK, HOLDLOCK, ROWLOCK) WHERE {keyMatches})
        """;

    public string SelectLocked(string columns, string table, string where) =>
        $"SELECT {columns} FROM {table} WITH (UPDLOCK, ROWLOCK) WHERE {where}";

    public string SelectFreeLocked(string columns, string table, string where, string order) =>
        $"SELECT TOP (@count) {columns} FROM {table} WITH (UPDLOCK, ROWLOCK, READPAST) WHERE {where} ORDER BY {order}";

    public string DeleteSome(string table, string where) =>
        $"DELETE TOP (@count) FROM {table} WITH (ROWLOCK, READPAST) WHERE {where}";

    public bool IsPassing(DbException exception) =>
        DriverCode.Read(exception, "Number")
            is Deadlock or LockTimeout or UniqueIndex or UniqueConstraint or SnapshotConflict or ObjectExists
            or IndexExists;
}
