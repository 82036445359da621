using System.Data;
using System.Data.Common;

namespace Orchestrator.Participant.Sql;

/// <summary>SQL Server 2016 or later. Read committed; update locks keep what was read as it was read.</summary>
internal sealed class SqlServerDialect : ISqlDialect
{
    // In a database that reads versions (READ_COMMITTED_SNAPSHOT) READPAST asks for READCOMMITTEDLOCK beside it.
    private const string PastLocks = "READPAST, READCOMMITTEDLOCK";

    // What two replicas that create tables at once come to: one waits for the other, and is told by a number when it
    // cannot. Left to the tables themselves they would meet in a deadlock, which is found only after seconds.
    private const string SchemaLock = """
        DECLARE @got INT;
        EXEC @got = sp_getapplock @Resource = N'saga_ledger', @LockMode = N'Exclusive', @LockOwner = N'Transaction';
        IF @got < 0 THROW 50080, N'Another replica is creating the tables of the ledger.', 1;
        """;

    // 1205 deadlock, 1222 lock timeout, -2 a statement that waited too long, 2601 and 2627 unique, 3960 snapshot
    // conflict, 2714, 1913, 2705 and 50080 two replicas creating tables, 1204 and 8645 no locks or memory left, the
    // rest: a connection or a database that comes back.
    private static readonly HashSet<int> Passing =
    [
        1205, 1222, -2, 2601, 2627, 3960, 2714, 1913, 2705, 1204, 8645, 20, 64, 233, 921, 4060, 4221, 6005, 10053,
        10054, 10060, 10928, 10929, 40197, 40501, 40613, 49918, 49919, 49920, 50080,
    ];

    // Keys are compared by bytes (a BIN2 collation), so no two keys are equal in one database and different in another.
    public string Schema => $"""
        {SchemaLock}
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
            CONSTRAINT saga_ledger_key PRIMARY KEY (saga_id, step));
        IF NOT EXISTS (
            SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'saga_ledger') AND name = N'saga_ledger_due')
        CREATE INDEX saga_ledger_due ON saga_ledger (state, due_at, created_at) WHERE settled_at IS NULL;
        IF NOT EXISTS (
            SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(N'saga_ledger') AND name = N'saga_ledger_settled')
        CREATE INDEX saga_ledger_settled ON saga_ledger (settled_at) WHERE settled_at IS NOT NULL;
        IF OBJECT_ID(N'saga_ledger_identity', N'U') IS NULL
        CREATE TABLE saga_ledger_identity (
            id INT NOT NULL PRIMARY KEY CHECK (id = 1),
            ledger_id NVARCHAR(36) NOT NULL);
        """;

    public string HasTraceParent =>
        "SELECT COUNT(*) FROM sys.columns WHERE object_id = OBJECT_ID(N'saga_ledger') AND name = N'traceparent'";

    public string AddTraceParent => "ALTER TABLE saga_ledger ADD traceparent NVARCHAR(200) NULL";

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

    public string? MoveLog => null;

    public bool HasSingleWriter => false;

    public IsolationLevel Isolation => IsolationLevel.ReadCommitted;

    public string Savepoint => "SAVE TRANSACTION saga_step";

    public string RollbackToSavepoint => "ROLLBACK TRANSACTION saga_step";

    public string? ReleaseSavepoint => null;

    // A range lock would make the insert wait for the same key only, but keep it until the commit: then no two actions
    // of new sagas could run at once. So the key itself decides. The look before it waits for a transaction that is
    // taking the key, and spares the error where the key is taken; who still meets the error goes on as if it had not
    // inserted, unless the session ends its transaction at any error (XACT_ABORT). Then the transaction is run again.
    public string InsertIfAbsent(string table, string columns, string values, string keyMatches) =>
        $"""
        BEGIN TRY
            INSERT INTO {table} ({columns}) SELECT {values}
            WHERE NOT EXISTS (SELECT 1 FROM {table} WITH (READCOMMITTEDLOCK, ROWLOCK) WHERE {keyMatches});
        END TRY
        BEGIN CATCH
            IF ERROR_NUMBER() NOT IN (2601, 2627) OR XACT_STATE() <> 1 THROW;
        END CATCH
        """;

    public string SelectLocked(string columns, string table, string where) =>
        $"SELECT {columns} FROM {table} WITH (UPDLOCK, ROWLOCK, FORCESEEK) WHERE {where}";

    public string SelectSome(string columns, string table, string where, string order) =>
        $"SELECT TOP (@count) {columns} FROM {table} WHERE {where} ORDER BY {order}";

    public string SelectFreeLocked(string columns, string table, string where, string order) =>
        $"""
        SELECT TOP (@count) {columns} FROM {table} WITH (UPDLOCK, ROWLOCK, {PastLocks}) WHERE {where} ORDER BY {order}
        """;

    public string IsOneOf(string column, string parameter) => $"{column} IN {parameter}";

    public string Glance(string table) => $"{table} WITH ({PastLocks})";

    // What is given is compared as the table's keys are, and looked up there: a scan would wait for other rows' locks.
    public string? UpdateGiven(string table, string changes, GivenRows given) =>
        $"""
        UPDATE {table} SET {changes} FROM {given.ByValues()}
        INNER LOOP JOIN {table} WITH (FORCESEEK, ROWLOCK)
            ON {table}.saga_id = given.saga_id COLLATE Latin1_General_BIN2
            AND {table}.step = given.step COLLATE Latin1_General_BIN2
        WHERE {table}.state = @OldState
        """;

    public string DeleteSome(string table, string where) =>
        $"DELETE TOP (@count) FROM {table} WITH (ROWLOCK, {PastLocks}) WHERE {where}";

    public bool IsPassing(DbException exception) =>
        DriverCode.Read(exception, "Number") is { } number && Passing.Contains(number);
}
