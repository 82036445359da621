using System.Data;
using System.Data.Common;

namespace Orchestrator.Participant.Sql;

/// <summary>
/// SQLite. A serializable transaction of Microsoft.Data.Sqlite is BEGIN IMMEDIATE: it owns the whole database for
/// writing from its first statement, so a row that was read cannot change and needs no lock of its own.
/// </summary>
internal sealed class SqliteDialect : ISqlDialect
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintUnique = 2067;

    public string Schema => """
        CREATE TABLE IF NOT EXISTS saga_ledger (
            saga_id TEXT NOT NULL,
            step TEXT NOT NULL,
            action TEXT NOT NULL,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            expires_at INTEGER NULL,
            due_at INTEGER NULL,
            data TEXT NULL,
            digest TEXT NULL,
            answer TEXT NULL,
            answer_code TEXT NULL,
            answer_text TEXT NULL,
            attempts INTEGER NOT NULL,
            next_try_at INTEGER NULL,
            needs_attention INTEGER NOT NULL,
            extended_by TEXT NULL,
            ended_at INTEGER NULL,
            ended_as TEXT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            settled_at INTEGER NULL,
            PRIMARY KEY (saga_id, step));
        CREATE INDEX IF NOT EXISTS saga_ledger_due ON saga_ledger (state, due_at, created_at) WHERE settled_at IS NULL;
        DROP INDEX IF EXISTS saga_ledger_open;
        CREATE INDEX IF NOT EXISTS saga_ledger_settled ON saga_ledger (settled_at) WHERE settled_at IS NOT NULL;
        CREATE TABLE IF NOT EXISTS saga_ledger_identity (
            id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
            ledger_id TEXT NOT NULL);
        """;

    public string HasTraceParent =>
        "SELECT COUNT(*) FROM pragma_table_info('saga_ledger') WHERE name = 'traceparent'";

    public string AddTraceParent => "ALTER TABLE saga_ledger ADD COLUMN traceparent TEXT NULL";

    public string OutboxSchema => """
        CREATE TABLE IF NOT EXISTS saga_outbox (
            seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            aggregatetype TEXT NOT NULL,
            aggregateid TEXT NOT NULL,
            type TEXT NOT NULL,
            payload TEXT NOT NULL,
            contenttype TEXT NOT NULL,
            traceparent TEXT NULL,
            occurred_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            next_try_at INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS saga_outbox_order ON saga_outbox (aggregateid, seq);
        """;

    // Another process may be writing: SQLite itself waits finer than the driver, which polls every 150 ms.
    public string OnOpened => "PRAGMA busy_timeout = 500";

    // Beside whoever writes: it copies what nobody reads or writes just now, and waits for nobody.
    public string MoveLog => "PRAGMA wal_checkpoint(PASSIVE)";

    public bool HasSingleWriter => true;

    public IsolationLevel Isolation => IsolationLevel.Serializable;

    public string Savepoint => "SAVEPOINT saga_step";

    public string RollbackToSavepoint => "ROLLBACK TO SAVEPOINT saga_step";

    public string ReleaseSavepoint => "RELEASE SAVEPOINT saga_step";

    public string InsertIfAbsent(string table, string columns, string values, string keyMatches) =>
        $"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING";

    public string SelectLocked(string columns, string table, string where) =>
        $"SELECT {columns} FROM {table} WHERE {where}";

    public string SelectSome(string columns, string table, string where, string order) =>
        $"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order} LIMIT @count";

    public string SelectFreeLocked(string columns, string table, string where, string order) =>
        $"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order} LIMIT @count";

    public string IsOneOf(string column, string parameter) => $"{column} IN {parameter}";

    public string Glance(string table) => table;

    public string? UpdateGiven(string table, string changes, GivenRows given) => null;

    public string DeleteSome(string table, string where) =>
        $"DELETE FROM {table} WHERE (saga_id, step) IN (SELECT saga_id, step FROM {table} WHERE {where} LIMIT @count)";

    public bool IsPassing(DbException exception) =>
        DriverCode.Read(exception, "SqliteErrorCode") is Busy or Locked
        || DriverCode.Read(exception, "SqliteExtendedErrorCode") is ConstraintPrimaryKey or ConstraintUnique;
}
