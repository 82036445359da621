using System.Data;
using System.Data.Common;

namespace Orchestrator.Participant.Sql;

/// <summary>
/// PostgreSQL. Read committed with row locks; an insert of a key that another transaction is inserting waits for it.
/// </summary>
internal sealed class PostgresDialect : ISqlDialect
{
    // Keys are compared by bytes (collation C), so no two keys are equal in one database and different in another.
    // What exists is not touched: even CREATE ... IF NOT EXISTS asks for the right to create, and for an index it waits
    // for everybody who writes to the table and holds up those who come behind.
    public string Schema => """
        DO $$
        BEGIN
            IF to_regclass('saga_ledger') IS NULL THEN
                CREATE TABLE saga_ledger (
                    saga_id VARCHAR(100) COLLATE "C" NOT NULL,
                    step VARCHAR(200) COLLATE "C" NOT NULL,
                    action VARCHAR(200) NOT NULL,
                    kind VARCHAR(20) NOT NULL,
                    state VARCHAR(20) NOT NULL,
                    expires_at BIGINT NULL,
                    due_at BIGINT NULL,
                    data TEXT NULL,
                    digest VARCHAR(64) NULL,
                    answer TEXT NULL,
                    answer_code VARCHAR(40) NULL,
                    answer_text TEXT NULL,
                    attempts INTEGER NOT NULL,
                    next_try_at BIGINT NULL,
                    needs_attention INTEGER NOT NULL,
                    extended_by VARCHAR(400) NULL,
                    ended_at BIGINT NULL,
                    ended_as VARCHAR(20) NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    settled_at BIGINT NULL,
                    PRIMARY KEY (saga_id, step));
            END IF;
            IF to_regclass('saga_ledger_due') IS NULL THEN
                CREATE INDEX saga_ledger_due ON saga_ledger (state, due_at, created_at) WHERE settled_at IS NULL;
            END IF;
            IF to_regclass('saga_ledger_settled') IS NULL THEN
                CREATE INDEX saga_ledger_settled ON saga_ledger (settled_at) WHERE settled_at IS NOT NULL;
            END IF;
            IF to_regclass('saga_ledger_identity') IS NULL THEN
                CREATE TABLE saga_ledger_identity (
                    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
                    ledger_id VARCHAR(36) NOT NULL);
            END IF;
        END $$;
        """;

    public string HasTraceParent => """
        SELECT COUNT(*) FROM pg_attribute
        WHERE attrelid = to_regclass('saga_ledger') AND attname = 'traceparent' AND NOT attisdropped
        """;

    public string AddTraceParent => "ALTER TABLE saga_ledger ADD COLUMN traceparent VARCHAR(200) NULL";

    public string OutboxSchema => """
        DO $$
        BEGIN
            IF to_regclass('saga_outbox') IS NULL THEN
                CREATE TABLE saga_outbox (
                    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    id VARCHAR(36) NOT NULL UNIQUE,
                    aggregatetype VARCHAR(255) NOT NULL,
                    aggregateid VARCHAR(255) COLLATE "C" NOT NULL,
                    type VARCHAR(255) NOT NULL,
                    payload TEXT NOT NULL,
                    contenttype VARCHAR(100) NOT NULL,
                    traceparent VARCHAR(200) NULL,
                    occurred_at BIGINT NOT NULL,
                    attempts INTEGER NOT NULL,
                    next_try_at BIGINT NOT NULL);
            END IF;
            IF to_regclass('saga_outbox_order') IS NULL THEN
                CREATE INDEX saga_outbox_order ON saga_outbox (aggregateid, seq);
            END IF;
        END $$;
        """;

    public string? OnOpened => null;

    public string? MoveLog => null;

    public bool HasSingleWriter => false;

    public IsolationLevel Isolation => IsolationLevel.ReadCommitted;

    public string Savepoint => "SAVEPOINT saga_step";

    public string RollbackToSavepoint => "ROLLBACK TO SAVEPOINT saga_step";

    public string ReleaseSavepoint => "RELEASE SAVEPOINT saga_step";

    public string InsertIfAbsent(string table, string columns, string values, string keyMatches) =>
        $"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING";

    public string SelectLocked(string columns, string table, string where) =>
        $"SELECT {columns} FROM {table} WHERE {where} FOR UPDATE";

    public string SelectSome(string columns, string table, string where, string order) =>
        $"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order} LIMIT @count";

    public string SelectFreeLocked(string columns, string table, string where, string order) =>
        $"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order} LIMIT @count FOR UPDATE SKIP LOCKED";

    public string IsOneOf(string column, string parameter) => $"{column} = ANY({parameter})";

    public string Glance(string table) => table;

    // The state is compared with what is given. For a constant the planner guesses how many rows have it; where it
    // takes them for very few (the table was never analyzed, or when nothing was held) it compares each with each.
    public string? UpdateGiven(string table, string changes, GivenRows given) =>
        $"""
        UPDATE {table} SET {changes} FROM {given.ByArrays()}
        WHERE {table}.saga_id = given.saga_id AND {table}.step = given.step AND {table}.state = given.old_state
        """;

    public string DeleteSome(string table, string where) =>
        $"""
        DELETE FROM {table} WHERE (saga_id, step) IN (
            SELECT saga_id, step FROM {table} WHERE {where} LIMIT @count FOR UPDATE SKIP LOCKED)
        """;

    // 23505 unique violation (of a handler, or of two replicas that create tables), 42P07, 42701 and 42710: those
    // replicas, 57014: a statement that waited too long was cancelled. What the driver calls transient is the rest:
    // deadlock, serialization, a lock or a connection that could not be had, a server that restarts.
    public bool IsPassing(DbException exception) => exception.IsTransient
        || exception.SqlState is "40001" or "40P01" or "23505" or "42P07" or "42701" or "42710" or "57014";
}
