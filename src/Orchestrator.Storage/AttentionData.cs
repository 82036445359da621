using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>A row of the question which live sagas want attention. Reads the live ones alone, by their index.</summary>
internal sealed class AttentionData
{
    /// <summary>The question; <c>@now</c> in milliseconds since 1970.</summary>
    public const string Sql = """
        SELECT
          CAST(COUNT(*) AS BIGINT) AS Live,
          CAST(COALESCE(SUM(CASE WHEN stuck = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS Stuck,
          CAST(COALESCE(SUM(CASE WHEN in_doubt = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS InDoubt,
          CAST(COALESCE(SUM(CASE WHEN phase IN (0, 1, 4) AND expires_at <= @now THEN 1 ELSE 0 END), 0) AS BIGINT)
            AS Overdue,
          CAST(COALESCE(SUM(CASE WHEN suspended = 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS Suspended,
          MIN(CASE WHEN stuck = 1 THEN started_at END) AS OldestStuck,
          MIN(CASE WHEN phase IN (0, 1, 4) AND expires_at <= @now THEN expires_at END) AS OldestOverdue
        FROM sagas WHERE ended_at IS NULL
        """;

    public long Live { get; set; }

    public long Stuck { get; set; }

    public long InDoubt { get; set; }

    public long Overdue { get; set; }

    public long Suspended { get; set; }

    public long? OldestStuck { get; set; }

    public long? OldestOverdue { get; set; }

    public SagaAttention ToAttention() => new(
        Live, Stuck, InDoubt, Overdue, Suspended, Instant(OldestStuck), Instant(OldestOverdue));

    private static DateTimeOffset? Instant(long? milliseconds) =>
        milliseconds is { } known ? SagaRows.Instant(known) : null;
}
