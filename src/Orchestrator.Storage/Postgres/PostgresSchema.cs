namespace Orchestrator.Storage.Postgres;

/// <summary>The tables. Instants are milliseconds since 1970 UTC, phases the numbers of <c>SagaPhase</c>.</summary>
internal static class PostgresSchema
{
    /// <summary>Every step from one version to the next, the first from nothing to version 1. Only added to.</summary>
    public static IReadOnlyList<string> Steps => [Create, AddRetry, AddBatches, AddAlerts];

    /// <summary>
    /// See the SQLite schema for the indexes. Before a commit writes anything, <c>begin_commit</c> locks the head,
    /// gives the commit its numbers and makes sure that its owner is still there and has not written meanwhile; it is a
    /// function because each of its statements has to see what was committed while the one before waited for a lock.
    /// </summary>
    private const string Create = """
        CREATE TABLE head (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          no BIGINT NOT NULL,
          tokens BIGINT NOT NULL,
          catalog_no BIGINT NOT NULL,
          unowned INTEGER NOT NULL);
        INSERT INTO head (id, no, tokens, catalog_no, unowned) VALUES (1, 0, 0, 0, 0);

        CREATE TABLE owners (
          token BIGINT PRIMARY KEY,
          name TEXT NOT NULL,
          address TEXT,
          last_no BIGINT NOT NULL,
          commits BIGINT NOT NULL,
          beat BIGINT NOT NULL,
          catalog_no BIGINT NOT NULL DEFAULT 0) WITH (fillfactor = 50);

        CREATE FUNCTION begin_commit(me BIGINT, numbers BIGINT, made BIGINT, catalog BOOLEAN) RETURNS BIGINT
        LANGUAGE plpgsql AS $$
        DECLARE
          last BIGINT;
        BEGIN
          UPDATE head SET no = no + numbers, catalog_no = CASE WHEN catalog THEN no + numbers ELSE catalog_no END
          WHERE id = 1 RETURNING no INTO last;
          UPDATE owners SET last_no = last, commits = made WHERE token = me AND commits = made - 1;
          IF NOT FOUND THEN
            RAISE EXCEPTION 'owner % does not own its sagas any more', me USING ERRCODE = 'SG001';
          END IF;
          RETURN last;
        END
        $$;

        CREATE TABLE sagas (
          no BIGINT PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          definition TEXT NOT NULL,
          definition_version INTEGER NOT NULL,
          phase INTEGER NOT NULL,
          stuck INTEGER NOT NULL,
          in_doubt INTEGER NOT NULL,
          suspended INTEGER NOT NULL,
          unverified INTEGER NOT NULL,
          reason_code TEXT,
          reason_text TEXT,
          reason_actor TEXT,
          started_at BIGINT NOT NULL,
          expires_at BIGINT NOT NULL,
          ended_at BIGINT,
          business_key TEXT,
          tags TEXT,
          owner BIGINT NOT NULL);
        CREATE INDEX sagas_definition ON sagas (definition, no);
        CREATE INDEX sagas_live ON sagas (phase, expires_at) WHERE ended_at IS NULL;
        CREATE INDEX sagas_ended ON sagas (phase, definition, ended_at, started_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX sagas_stuck ON sagas (stuck) WHERE stuck = 1;
        CREATE INDEX sagas_unverified ON sagas (unverified) WHERE unverified = 1;
        CREATE INDEX sagas_business_key ON sagas (business_key) WHERE business_key IS NOT NULL;

        CREATE TABLE history (
          no BIGINT PRIMARY KEY,
          saga BIGINT NOT NULL,
          seq INTEGER NOT NULL,
          count INTEGER NOT NULL,
          body BYTEA NOT NULL,
          UNIQUE (saga, seq));

        CREATE TABLE starts (
          definition TEXT NOT NULL,
          key TEXT NOT NULL,
          digest BYTEA NOT NULL,
          saga_id TEXT NOT NULL,
          PRIMARY KEY (definition, key));
        CREATE INDEX starts_saga ON starts (saga_id);

        CREATE TABLE tags (
          name TEXT NOT NULL,
          value TEXT NOT NULL,
          saga BIGINT NOT NULL,
          PRIMARY KEY (name, value, saga));
        CREATE INDEX tags_saga ON tags (saga);

        CREATE TABLE endings (
          no BIGINT PRIMARY KEY,
          saga_id TEXT NOT NULL,
          phase INTEGER NOT NULL,
          participants TEXT NOT NULL,
          owner BIGINT NOT NULL);
        CREATE TABLE ending_cursors (
          owner BIGINT NOT NULL,
          participant TEXT NOT NULL,
          no BIGINT NOT NULL,
          PRIMARY KEY (owner, participant));

        CREATE TABLE definitions (
          name TEXT NOT NULL,
          version INTEGER NOT NULL,
          body TEXT NOT NULL,
          stored_at BIGINT NOT NULL,
          actor TEXT,
          PRIMARY KEY (name, version));
        CREATE TABLE participants (
          name TEXT PRIMARY KEY,
          url TEXT,
          app TEXT,
          via_pubsub INTEGER NOT NULL,
          concurrency INTEGER NOT NULL,
          paused INTEGER NOT NULL);

        CREATE TABLE outbox (
          seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          aggregatetype TEXT NOT NULL,
          aggregateid TEXT NOT NULL,
          type TEXT NOT NULL,
          payload TEXT NOT NULL,
          traceparent TEXT,
          occurred_at BIGINT NOT NULL,
          owner BIGINT NOT NULL);
        CREATE INDEX outbox_order ON outbox (aggregateid, aggregatetype, seq);
        """;

    // What an operator has put in the place of retry policies, as JSON.
    private const string AddRetry = "ALTER TABLE participants ADD COLUMN retry TEXT;";

    private const string AddBatches = """
        CREATE TABLE batches (
          id TEXT PRIMARY KEY,
          verb TEXT NOT NULL,
          args TEXT NOT NULL,
          wanted TEXT NOT NULL,
          actor TEXT NOT NULL,
          reason TEXT,
          state INTEGER NOT NULL,
          created_at BIGINT NOT NULL,
          ended_at BIGINT,
          owner BIGINT NOT NULL);
        CREATE INDEX batches_running ON batches (id) WHERE ended_at IS NULL;
        CREATE TABLE batch_items (
          batch TEXT NOT NULL,
          saga_id TEXT NOT NULL,
          fate INTEGER,
          code TEXT,
          said TEXT,
          done_at BIGINT,
          PRIMARY KEY (batch, saga_id));
        CREATE INDEX batch_items_open ON batch_items (batch, saga_id) WHERE fate IS NULL;

        CREATE TABLE audit (
          seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          at BIGINT NOT NULL,
          actor TEXT NOT NULL,
          verb TEXT NOT NULL,
          kind INTEGER NOT NULL,
          target TEXT NOT NULL,
          definition TEXT,
          reason TEXT,
          was TEXT,
          became TEXT,
          code TEXT);
        CREATE INDEX audit_target ON audit (target, seq);
        CREATE INDEX audit_actor ON audit (actor, seq);
        """;

    // Alerts that are open, what is to be told of them in order, and how far each target was told.
    private const string AddAlerts = """
        CREATE TABLE alerts (
          saga_id TEXT NOT NULL,
          reason INTEGER NOT NULL,
          raised_at BIGINT NOT NULL,
          PRIMARY KEY (saga_id, reason));
        CREATE TABLE alert_news (
          no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          reason INTEGER NOT NULL,
          cleared INTEGER NOT NULL,
          at BIGINT NOT NULL,
          data TEXT NOT NULL);
        CREATE TABLE alert_cursors (
          target TEXT PRIMARY KEY,
          no BIGINT NOT NULL,
          delivered_at BIGINT,
          failed_at BIGINT,
          error TEXT);
        """;
}
