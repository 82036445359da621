namespace Orchestrator.Storage.Sqlite;

/// <summary>The tables. Instants are milliseconds since 1970 UTC, phases the numbers of <c>SagaPhase</c>.</summary>
internal static class SqliteSchema
{
    /// <summary>Stored in <c>user_version</c>; a file with a higher one is refused.</summary>
    public static int Version => Steps.Count;

    /// <summary>Every step from one version to the next, the first from nothing to version 1. Only added to.</summary>
    public static IReadOnlyList<string> Steps =>
        [Create, AddSuspended, AddOutbox, AddActor, AddUnverified, AddOwner, AddRetry, AddBatches, AddAlerts];

    /// <summary>
    /// Every index is paid for with each saga, so there are few, and those that serve rare rows hold only these.
    /// Lists choose row numbers from an index alone and then read the rows; <c>no</c> is the order of starts.
    /// </summary>
    private const string Create = """
        CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), no INTEGER NOT NULL) STRICT;
        INSERT INTO head (id, no) VALUES (1, 0);

        CREATE TABLE sagas (
          no INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          definition TEXT NOT NULL,
          definition_version INTEGER NOT NULL,
          phase INTEGER NOT NULL,
          stuck INTEGER NOT NULL,
          in_doubt INTEGER NOT NULL,
          reason_code TEXT,
          reason_text TEXT,
          reason_actor TEXT,
          started_at INTEGER NOT NULL,
          expires_at INTEGER NOT NULL,
          ended_at INTEGER,
          business_key TEXT,
          tags TEXT) STRICT;
        CREATE INDEX sagas_definition ON sagas (definition);
        CREATE INDEX sagas_live ON sagas (phase, expires_at) WHERE ended_at IS NULL;
        CREATE INDEX sagas_ended ON sagas (phase, definition, ended_at, started_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX sagas_stuck ON sagas (stuck) WHERE stuck = 1;
        CREATE INDEX sagas_business_key ON sagas (business_key) WHERE business_key IS NOT NULL;

        CREATE TABLE history (
          no INTEGER PRIMARY KEY,
          saga INTEGER NOT NULL,
          seq INTEGER NOT NULL,
          count INTEGER NOT NULL,
          body BLOB NOT NULL,
          UNIQUE (saga, seq)) STRICT;

        CREATE TABLE starts (
          definition TEXT NOT NULL,
          key TEXT NOT NULL,
          digest BLOB NOT NULL,
          saga_id TEXT NOT NULL,
          PRIMARY KEY (definition, key)) STRICT, WITHOUT ROWID;
        CREATE INDEX starts_saga ON starts (saga_id);

        CREATE TABLE tags (
          name TEXT NOT NULL,
          value TEXT NOT NULL,
          saga INTEGER NOT NULL,
          PRIMARY KEY (name, value, saga)) STRICT, WITHOUT ROWID;
        CREATE INDEX tags_saga ON tags (saga);

        CREATE TABLE endings (
          no INTEGER PRIMARY KEY,
          saga_id TEXT NOT NULL,
          phase INTEGER NOT NULL,
          participants TEXT NOT NULL) STRICT;
        CREATE TABLE ending_cursors (participant TEXT PRIMARY KEY, no INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE definitions (
          name TEXT NOT NULL,
          version INTEGER NOT NULL,
          body TEXT NOT NULL,
          stored_at INTEGER NOT NULL,
          PRIMARY KEY (name, version)) STRICT, WITHOUT ROWID;
        CREATE TABLE participants (
          name TEXT PRIMARY KEY,
          url TEXT,
          app TEXT,
          via_pubsub INTEGER NOT NULL,
          concurrency INTEGER NOT NULL,
          paused INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    // The list could not show that a saga is suspended.
    private const string AddSuspended = "ALTER TABLE sagas ADD COLUMN suspended INTEGER NOT NULL DEFAULT 0;";

    // The columns are those of Debezium's outbox event router; seq is the order.
    private const string AddOutbox = """
        CREATE TABLE outbox (
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          aggregatetype TEXT NOT NULL,
          aggregateid TEXT NOT NULL,
          type TEXT NOT NULL,
          payload TEXT NOT NULL,
          traceparent TEXT,
          occurred_at INTEGER NOT NULL) STRICT;
        CREATE INDEX outbox_order ON outbox (aggregateid, aggregatetype, seq);
        """;

    // Who stored a definition; null for those that were stored before.
    private const string AddActor = "ALTER TABLE definitions ADD COLUMN actor TEXT;";

    // Sagas that have ended on a person's word live on until an undo is acknowledged; there are few.
    private const string AddUnverified = """
        ALTER TABLE sagas ADD COLUMN unverified INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX sagas_unverified ON sagas (unverified) WHERE unverified = 1;
        """;

    // On a server several engines share a store, and each row that somebody has to act on says who; here it is 0.
    private const string AddOwner = """
        ALTER TABLE sagas ADD COLUMN owner INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE endings ADD COLUMN owner INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE outbox ADD COLUMN owner INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ending_cursors RENAME TO ending_cursors_before;
        CREATE TABLE ending_cursors (
          owner INTEGER NOT NULL,
          participant TEXT NOT NULL,
          no INTEGER NOT NULL,
          PRIMARY KEY (owner, participant)) STRICT, WITHOUT ROWID;
        INSERT INTO ending_cursors (owner, participant, no) SELECT 0, participant, no FROM ending_cursors_before;
        DROP TABLE ending_cursors_before;
        """;

    // What an operator has put in the place of retry policies, as JSON.
    private const string AddRetry = "ALTER TABLE participants ADD COLUMN retry TEXT;";

    // Verbs on many sagas, and everything people asked for. The items of a batch are in the order of their sagas' ids.
    private const string AddBatches = """
        CREATE TABLE batches (
          id TEXT PRIMARY KEY,
          verb TEXT NOT NULL,
          args TEXT NOT NULL,
          wanted TEXT NOT NULL,
          actor TEXT NOT NULL,
          reason TEXT,
          state INTEGER NOT NULL,
          created_at INTEGER NOT NULL,
          ended_at INTEGER,
          owner INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX batches_running ON batches (id) WHERE ended_at IS NULL;
        CREATE TABLE batch_items (
          batch TEXT NOT NULL,
          saga_id TEXT NOT NULL,
          fate INTEGER,
          code TEXT,
          said TEXT,
          done_at INTEGER,
          PRIMARY KEY (batch, saga_id)) STRICT, WITHOUT ROWID;
        CREATE INDEX batch_items_open ON batch_items (batch, saga_id) WHERE fate IS NULL;

        CREATE TABLE audit (
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          at INTEGER NOT NULL,
          actor TEXT NOT NULL,
          verb TEXT NOT NULL,
          kind INTEGER NOT NULL,
          target TEXT NOT NULL,
          definition TEXT,
          reason TEXT,
          was TEXT,
          became TEXT,
          code TEXT) STRICT;
        CREATE INDEX audit_target ON audit (target, seq);
        CREATE INDEX audit_actor ON audit (actor, seq);
        """;

    // Alerts that are open, what is to be told of them in order, and how far each target was told.
    private const string AddAlerts = """
        CREATE TABLE alerts (
          saga_id TEXT NOT NULL,
          reason INTEGER NOT NULL,
          raised_at INTEGER NOT NULL,
          PRIMARY KEY (saga_id, reason)) STRICT, WITHOUT ROWID;
        CREATE TABLE alert_news (
          no INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          reason INTEGER NOT NULL,
          cleared INTEGER NOT NULL,
          at INTEGER NOT NULL,
          data TEXT NOT NULL) STRICT;
        CREATE TABLE alert_cursors (
          target TEXT PRIMARY KEY,
          no INTEGER NOT NULL,
          delivered_at INTEGER,
          failed_at INTEGER,
          error TEXT) STRICT, WITHOUT ROWID;
        """;
}
