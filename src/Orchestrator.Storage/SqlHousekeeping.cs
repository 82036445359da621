using Dapper;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>See <see cref="IHousekeepingStore" />.</summary>
internal sealed class SqlHousekeeping(ISqlDialect dialect, StoreOwner owner) : IHousekeepingStore
{
    /// <inheritdoc />
    public Task<StoredCatalog> LoadCatalogAsync(CancellationToken cancel) => dialect.ReadAsync(
        async connection =>
        {
            var definitions = await connection.QueryAsync<DefinitionData>(new CommandDefinition(
                """
                SELECT name AS Name, version AS Version, body AS Body, stored_at AS StoredAt, actor AS Actor
                FROM definitions ORDER BY name, version
                """,
                cancellationToken: cancel));
            var participants = await connection.QueryAsync<ParticipantData>(new CommandDefinition(
                """
                SELECT name AS Name, url AS Url, app AS App, via_pubsub AS ViaPubSub, concurrency AS Concurrency,
                  paused AS Paused, retry AS Retry
                FROM participants ORDER BY name
                """,
                cancellationToken: cancel));
            var facts = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                "SELECT COUNT(*) FROM outbox WHERE aggregatetype = @topic AND owner = @owner",
                new { topic = SagaTopics.Facts, owner = owner.Token },
                cancellationToken: cancel));
            return new StoredCatalog(
                [.. definitions.Select(
                    d => new DefinitionRow(d.Name, d.Version, d.Body, SagaRows.Instant(d.StoredAt), d.Actor))],
                [.. participants.Select(Entry)],
                facts);
        },
        cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<EndingRow>> ReadEndingsAsync(long after, int limit, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<EndingRow>>(
            async connection =>
            {
                var sql = $"""
                    SELECT {dialect.Words.Top}no AS No, saga_id AS SagaId, phase AS Phase, participants AS Participants
                    FROM endings
                    WHERE owner = @owner AND no > @after ORDER BY no {dialect.Words.Limit}
                    """;
                var parameters = new { after, owner = owner.Token, limit = Math.Min(limit, StorageLimits.MaxRows) };
                var rows = await connection.QueryAsync<EndingData>(
                    new CommandDefinition(sql, parameters, cancellationToken: cancel));
                return [.. rows.Select(row => new EndingRow(
                    row.No, row.SagaId, SagaRows.OutcomeOf((SagaPhase)row.Phase)!.Value,
                    row.Participants.Split(SagaRows.Separator)))];
            },
            cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<EndingCursor>> ReadCursorsAsync(CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<EndingCursor>>(
            async connection =>
            {
                const string sql = """
                    SELECT participant AS Participant, no AS No FROM ending_cursors WHERE owner = @owner
                    """;
                var rows = await connection.QueryAsync<(string Participant, long No)>(
                    new CommandDefinition(sql, new { owner = owner.Token }, cancellationToken: cancel));
                return [.. rows.Select(row => new EndingCursor(row.Participant, row.No))];
            },
            cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> FindEndedAsync(
        SagaOutcome outcome, DateTimeOffset endedBefore, int limit, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<string>>(
            async connection =>
            {
                // The index is (phase, definition, ended_at), so the oldest are found definition by definition.
                var sql = $"""
                    SELECT {dialect.Words.Top}s.id FROM (SELECT DISTINCT name FROM definitions) d
                    JOIN sagas s ON s.phase = @phase AND s.definition = d.name AND s.ended_at IS NOT NULL
                      AND s.ended_at < @before AND s.unverified = 0
                    {dialect.Words.Limit}
                    """;
                var phase = outcome == SagaOutcome.Completed ? SagaPhase.Completed : SagaPhase.Compensated;
                var parameters = new { phase = (int)phase, before = endedBefore.ToUnixTimeMilliseconds(), limit };
                var ids = await connection.QueryAsync<string>(
                    new CommandDefinition(sql, parameters, cancellationToken: cancel));
                return ids.AsList();
            },
            cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<WaitingEvent>> ReadOutboxAsync(long after, int limit, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<WaitingEvent>>(
            async connection =>
            {
                var sql = $"""
                    SELECT {dialect.Words.Top}o.seq AS Seq, o.id AS Id, o.aggregatetype AS Topic,
                      o.aggregateid AS SagaId, o.type AS Type, o.payload AS Payload, o.traceparent AS TraceParent,
                      o.occurred_at AS OccurredAt
                    FROM outbox o
                    WHERE o.owner = @owner AND o.seq > @after AND NOT EXISTS (
                      SELECT 1 FROM outbox e
                      WHERE e.aggregateid = o.aggregateid AND e.aggregatetype = o.aggregatetype AND e.seq < o.seq)
                    ORDER BY o.seq {dialect.Words.Limit}
                    """;
                var parameters = new { after, owner = owner.Token, limit = Math.Min(limit, StorageLimits.MaxRows) };
                var rows = await connection.QueryAsync<OutboxData>(
                    new CommandDefinition(sql, parameters, cancellationToken: cancel));
                return [.. rows.Select(row => new WaitingEvent(row.Seq, new OutboxRow(
                    row.Id, row.Topic, row.SagaId, row.Type, JsonData.FromText(row.Payload), row.TraceParent,
                    SagaRows.Instant(row.OccurredAt))))];
            },
            cancel);

    private sealed class OutboxData
    {
        public long Seq { get; set; }

        public string Id { get; set; } = "";

        public string Topic { get; set; } = "";

        public string SagaId { get; set; } = "";

        public string Type { get; set; } = "";

        public string Payload { get; set; } = "";

        public string? TraceParent { get; set; }

        public long OccurredAt { get; set; }
    }

    private sealed class DefinitionData
    {
        public string Name { get; set; } = "";

        public int Version { get; set; }

        public string Body { get; set; } = "";

        public long StoredAt { get; set; }

        public string? Actor { get; set; }
    }

    private static ParticipantEntry Entry(ParticipantData row) => new(
        row.Name,
        row.Url is null ? null : new Uri(row.Url),
        row.App,
        row.ViaPubSub,
        row.Concurrency,
        row.Paused,
        row.Retry is null ? null : RetryOverrideJson.Read(JsonData.FromText(row.Retry)));

    private sealed class ParticipantData
    {
        public string Name { get; set; } = "";

        public string? Url { get; set; }

        public string? App { get; set; }

        public bool ViaPubSub { get; set; }

        public int Concurrency { get; set; }

        public bool Paused { get; set; }

        public string? Retry { get; set; }
    }

    private sealed class EndingData
    {
        public long No { get; set; }

        public string SagaId { get; set; } = "";

        public int Phase { get; set; }

        public string Participants { get; set; } = "";
    }
}
