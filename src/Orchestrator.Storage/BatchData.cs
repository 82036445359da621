using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>A row of <c>batches</c> as the queries read it.</summary>
internal sealed class BatchData
{
    /// <summary>Its columns.</summary>
    public const string Columns = """
        b.id AS Id, b.verb AS Verb, b.args AS Args, b.wanted AS Wanted, b.actor AS Actor, b.reason AS Reason,
        b.state AS State, b.created_at AS CreatedAt, b.ended_at AS EndedAt, b.owner AS Owner
        """;

    public string Id { get; set; } = "";

    public string Verb { get; set; } = "";

    public string Args { get; set; } = "";

    public string Wanted { get; set; } = "";

    public string Actor { get; set; } = "";

    public string? Reason { get; set; }

    public int State { get; set; }

    public long CreatedAt { get; set; }

    public long? EndedAt { get; set; }

    public long Owner { get; set; }

    /// <summary>Sagas without an answer, where it was asked for.</summary>
    public long Waiting { get; set; }

    public BatchRow ToRow() => new()
    {
        Id = Id,
        Verb = Verb,
        Args = Args,
        Filter = Wanted,
        Actor = Actor,
        Reason = Reason,
        CreatedAt = SagaRows.Instant(CreatedAt),
    };

    public BatchSummary ToSummary(IReadOnlyList<BatchTally> tallies)
    {
        long Count(BatchFate fate) => tallies.Where(tally => tally.Fate == (int)fate).Sum(tally => tally.Count);
        return new BatchSummary(
            ToRow(), (BatchState)State, EndedAt is { } ended ? SagaRows.Instant(ended) : null,
            tallies.Sum(tally => tally.Count), Count(BatchFate.Accepted), Count(BatchFate.Refused),
            Count(BatchFate.Failed));
    }
}

/// <summary>How many sagas of a batch have that answer; without a fate those that have none.</summary>
internal sealed class BatchTally
{
    public string Batch { get; set; } = "";

    public int? Fate { get; set; }

    public long Count { get; set; }
}

/// <summary>What became of one saga, as the queries read it.</summary>
internal sealed class BatchItemData
{
    public string SagaId { get; set; } = "";

    public int Fate { get; set; }

    public string? Code { get; set; }

    public string? Said { get; set; }

    public long DoneAt { get; set; }

    public BatchAnswer ToAnswer(string batch) =>
        new(batch, SagaId, (BatchFate)Fate, Code, Said, SagaRows.Instant(DoneAt));
}
