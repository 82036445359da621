namespace Orchestrator.Storage.SqlServer;

/// <summary>The tables. Instants are milliseconds since 1970 UTC, phases the numbers of <c>SagaPhase</c>.</summary>
internal static class SqlServerSchema
{
    /// <summary>Compares by code points: "a" and "A" are two keys here as on every other database.</summary>
    public const string Collation = "Latin1_General_100_BIN2";

    /// <summary>Every step from one version to the next, the first from nothing to version 1. Only added to.</summary>
    public static IReadOnlyList<string> Steps => [Create, AddRetry, AddBatches, AddAlerts];

    /// <summary>
    /// See the SQLite schema for the indexes. A comparison passes over blanks at the end of a text, so the tags, whose
    /// values are the callers', have no unique index.
    /// </summary>
    private const string Create = $"""
        CREATE TABLE head (
          id INT NOT NULL PRIMARY KEY CHECK (id = 1),
          no BIGINT NOT NULL,
          tokens BIGINT NOT NULL,
          catalog_no BIGINT NOT NULL,
          unowned INT NOT NULL);
        INSERT INTO head (id, no, tokens, catalog_no, unowned) VALUES (1, 0, 0, 0, 0);

        CREATE TABLE owners (
          token BIGINT NOT NULL PRIMARY KEY,
          name NVARCHAR(400) NOT NULL,
          address NVARCHAR(2000) NULL,
          last_no BIGINT NOT NULL,
          commits BIGINT NOT NULL,
          beat BIGINT NOT NULL,
          catalog_no BIGINT NOT NULL DEFAULT 0);

        CREATE TABLE sagas (
          no BIGINT NOT NULL PRIMARY KEY,
          id NVARCHAR(400) COLLATE {Collation} NOT NULL UNIQUE,
          definition NVARCHAR(400) COLLATE {Collation} NOT NULL,
          definition_version INT NOT NULL,
          phase INT NOT NULL,
          stuck INT NOT NULL,
          in_doubt INT NOT NULL,
          suspended INT NOT NULL,
          unverified INT NOT NULL,
          reason_code NVARCHAR(MAX) COLLATE {Collation} NULL,
          reason_text NVARCHAR(MAX) COLLATE {Collation} NULL,
          reason_actor NVARCHAR(MAX) COLLATE {Collation} NULL,
          started_at BIGINT NOT NULL,
          expires_at BIGINT NOT NULL,
          ended_at BIGINT NULL,
          business_key NVARCHAR(400) COLLATE {Collation} NULL,
          tags NVARCHAR(MAX) COLLATE {Collation} NULL,
          owner BIGINT NOT NULL);
        CREATE INDEX sagas_definition ON sagas (definition, no);
        CREATE INDEX sagas_live ON sagas (phase, expires_at) INCLUDE (ended_at, owner) WHERE ended_at IS NULL;
        CREATE INDEX sagas_ended ON sagas (phase, definition, ended_at, started_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX sagas_stuck ON sagas (stuck) WHERE stuck = 1;
        CREATE INDEX sagas_unverified ON sagas (unverified) WHERE unverified = 1;
        CREATE INDEX sagas_business_key ON sagas (business_key) WHERE business_key IS NOT NULL;

        CREATE TABLE history (
          no BIGINT NOT NULL PRIMARY KEY,
          saga BIGINT NOT NULL,
          seq INT NOT NULL,
          count INT NOT NULL,
          body VARBINARY(MAX) NOT NULL,
          CONSTRAINT history_of_saga UNIQUE (saga, seq));

        CREATE TABLE starts (
          definition NVARCHAR(400) COLLATE {Collation} NOT NULL,
          "key" NVARCHAR(400) COLLATE {Collation} NOT NULL,
          digest VARBINARY(MAX) NOT NULL,
          saga_id NVARCHAR(400) COLLATE {Collation} NOT NULL,
          CONSTRAINT starts_of_definition PRIMARY KEY NONCLUSTERED (definition, "key"));
        CREATE INDEX starts_saga ON starts (saga_id);

        CREATE TABLE tags (
          name NVARCHAR(400) COLLATE {Collation} NOT NULL,
          value NVARCHAR(400) COLLATE {Collation} NOT NULL,
          saga BIGINT NOT NULL);
        CREATE CLUSTERED INDEX tags_saga ON tags (saga);
        CREATE INDEX tags_value ON tags (name, value, saga);

        CREATE TABLE endings (
          no BIGINT NOT NULL PRIMARY KEY,
          saga_id NVARCHAR(400) COLLATE {Collation} NOT NULL,
          phase INT NOT NULL,
          participants NVARCHAR(MAX) COLLATE {Collation} NOT NULL,
          owner BIGINT NOT NULL);
        CREATE TABLE ending_cursors (
          owner BIGINT NOT NULL,
          participant NVARCHAR(400) COLLATE {Collation} NOT NULL,
          no BIGINT NOT NULL,
          PRIMARY KEY (owner, participant));

        CREATE TABLE definitions (
          name NVARCHAR(400) COLLATE {Collation} NOT NULL,
          version INT NOT NULL,
          body NVARCHAR(MAX) COLLATE {Collation} NOT NULL,
          stored_at BIGINT NOT NULL,
          actor NVARCHAR(MAX) COLLATE {Collation} NULL,
          PRIMARY KEY (name, version));
        CREATE TABLE participants (
          name NVARCHAR(400) COLLATE {Collation} NOT NULL PRIMARY KEY,
          url NVARCHAR(MAX) COLLATE {Collation} NULL,
          app NVARCHAR(MAX) COLLATE {Collation} NULL,
          via_pubsub INT NOT NULL,
          concurrency INT NOT NULL,
          paused INT NOT NULL);

        CREATE TABLE outbox (
          seq BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
          id NVARCHAR(400) COLLATE {Collation} NOT NULL UNIQUE,
          aggregatetype NVARCHAR(400) COLLATE {Collation} NOT NULL,
          aggregateid NVARCHAR(400) COLLATE {Collation} NOT NULL,
          type NVARCHAR(MAX) COLLATE {Collation} NOT NULL,
          payload NVARCHAR(MAX) COLLATE {Collation} NOT NULL,
          traceparent NVARCHAR(MAX) COLLATE {Collation} NULL,
          occurred_at BIGINT NOT NULL,
          owner BIGINT NOT NULL);
        CREATE INDEX outbox_order ON outbox (aggregateid, aggregatetype, seq);
        """;

    // What an operator has put in the place of retry policies, as JSON.
    private const string AddRetry = $"ALTER TABLE participants ADD retry NVARCHAR(MAX) COLLATE {Collation} NULL;";

    private const string AddBatches = $"""
        CREATE TABLE batches (
          id NVARCHAR(400) COLLATE {Collation} NOT NULL PRIMARY KEY,
          verb NVARCHAR(400) COLLATE {Collation} NOT NULL,
          args NVARCHAR(MAX) COLLATE {Collation} NOT NULL,
          wanted NVARCHAR(MAX) COLLATE {Collation} NOT NULL,
          actor NVARCHAR(400) COLLATE {Collation} NOT NULL,
          reason NVARCHAR(MAX) COLLATE {Collation} NULL,
          state INT NOT NULL,
          created_at BIGINT NOT NULL,
          ended_at BIGINT NULL,
          owner BIGINT NOT NULL);
        CREATE INDEX batches_running ON batches (id) WHERE ended_at IS NULL;
        CREATE TABLE batch_items (
          batch NVARCHAR(400) COLLATE {Collation} NOT NULL,
          saga_id NVARCHAR(400) COLLATE {Collation} NOT NULL,
          fate INT NULL,
          code NVARCHAR(MAX) COLLATE {Collation} NULL,
          said NVARCHAR(MAX) COLLATE {Collation} NULL,
          done_at BIGINT NULL,
          CONSTRAINT items_of_batch PRIMARY KEY NONCLUSTERED (batch, saga_id));
        CREATE INDEX batch_items_open ON batch_items (batch, saga_id) WHERE fate IS NULL;

        CREATE TABLE audit (
          seq BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
          at BIGINT NOT NULL,
          actor NVARCHAR(400) COLLATE {Collation} NOT NULL,
          verb NVARCHAR(400) COLLATE {Collation} NOT NULL,
          kind INT NOT NULL,
          target NVARCHAR(400) COLLATE {Collation} NOT NULL,
          definition NVARCHAR(400) COLLATE {Collation} NULL,
          reason NVARCHAR(MAX) COLLATE {Collation} NULL,
          was NVARCHAR(MAX) COLLATE {Collation} NULL,
          became NVARCHAR(MAX) COLLATE {Collation} NULL,
          code NVARCHAR(MAX) COLLATE {Collation} NULL);
        CREATE INDEX audit_target ON audit (target, seq);
        CREATE INDEX audit_actor ON audit (actor, seq);
        """;

    // Alerts that are open, what is to be told of them in order, and how far each target was told.
    private const string AddAlerts = $"""
        CREATE TABLE alerts (
          saga_id NVARCHAR(400) COLLATE {Collation} NOT NULL,
          reason INT NOT NULL,
          raised_at BIGINT NOT NULL,
          PRIMARY KEY (saga_id, reason));
        CREATE TABLE alert_news (
          no BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
          id NVARCHAR(400) COLLATE {Collation} NOT NULL UNIQUE,
          reason INT NOT NULL,
          cleared INT NOT NULL,
          at BIGINT NOT NULL,
          data NVARCHAR(MAX) COLLATE {Collation} NOT NULL);
        CREATE TABLE alert_cursors (
          target NVARCHAR(400) COLLATE {Collation} NOT NULL PRIMARY KEY,
          no BIGINT NOT NULL,
          delivered_at BIGINT NULL,
          failed_at BIGINT NULL,
          error NVARCHAR(MAX) COLLATE {Collation} NULL);
        """;
}
