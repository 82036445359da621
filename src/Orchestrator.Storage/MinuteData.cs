using Orchestrator.Core.History;
using Orchestrator.Engine;

namespace Orchestrator.Storage;

/// <summary>
/// A row of the question what started or ended in each minute since <c>@since</c> (milliseconds since 1970). What
/// ended since then is found by the index of ended sagas, definition by definition; what started since then has ended
/// since then, too, or still runs.
/// </summary>
internal sealed class MinuteData
{
    /// <summary>What ended, by minute and phase.</summary>
    public const string EndedSql = $"""
        SELECT CAST(s.ended_at / 60000 AS BIGINT) AS Minute, s.phase AS Phase, CAST(COUNT(*) AS BIGINT) AS Count
        FROM {Ended}
        GROUP BY s.ended_at / 60000, s.phase
        """;

    /// <summary>What started, by minute: what has ended, and what runs.</summary>
    public const string StartedSql = $"""
        SELECT CAST(s.started_at / 60000 AS BIGINT) AS Minute, CAST(COUNT(*) AS BIGINT) AS Count
        FROM {Ended} AND s.started_at >= @since
        GROUP BY s.started_at / 60000
        UNION ALL
        SELECT CAST(started_at / 60000 AS BIGINT), CAST(COUNT(*) AS BIGINT)
        FROM sagas WHERE ended_at IS NULL AND phase IN (0, 1, 2, 3, 4) AND started_at >= @since
        GROUP BY started_at / 60000
        """;

    private const string Ended = """
        (SELECT DISTINCT name FROM definitions) d
        CROSS JOIN sagas s
        WHERE s.phase IN (5, 6) AND s.definition = d.name AND s.ended_at IS NOT NULL AND s.ended_at >= @since
        """;

    public long Minute { get; set; }

    public int Phase { get; set; }

    public long Count { get; set; }

    /// <summary>Both answers in one.</summary>
    public static IReadOnlyList<MinuteFigures> ToFigures(IEnumerable<MinuteData> ended, IEnumerable<MinuteData> started)
    {
        var minutes = new Dictionary<long, MinuteFigures>();
        foreach (var row in ended)
        {
            var kept = Of(row.Minute);
            minutes[row.Minute] = row.Phase == (int)SagaPhase.Completed
                ? kept with { Completed = row.Count }
                : kept with { Compensated = row.Count };
        }

        foreach (var row in started)
        {
            var kept = Of(row.Minute);
            minutes[row.Minute] = kept with { Started = kept.Started + row.Count };
        }

        return [.. minutes.Values];

        MinuteFigures Of(long minute) => minutes.GetValueOrDefault(
            minute, new MinuteFigures(DateTimeOffset.UnixEpoch.AddMinutes(minute), 0, 0, 0));
    }
}
