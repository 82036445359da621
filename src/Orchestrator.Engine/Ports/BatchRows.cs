namespace Orchestrator.Engine.Ports;

/// <summary>A verb on many sagas, which are fixed when it is accepted. Immutable.</summary>
public sealed record BatchRow
{
    /// <summary>Its id. Ids made later sort later.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the verb.</summary>
    public required string Verb { get; init; }

    /// <summary>The verb's arguments, a JSON object.</summary>
    public required string Args { get; init; }

    /// <summary>How the sagas were chosen, a JSON object.</summary>
    public required string Filter { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, in their words.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>How far a batch is.</summary>
public enum BatchState
{
    /// <summary>It goes on.</summary>
    Running,

    /// <summary>Every saga has an answer.</summary>
    Done,

    /// <summary>Somebody stopped it; what was done stays done.</summary>
    Stopped,
}

/// <summary>What became of one saga of a batch.</summary>
public enum BatchFate
{
    /// <summary>The verb is recorded.</summary>
    Accepted,

    /// <summary>It is not allowed.</summary>
    Refused,

    /// <summary>It could not be brought about.</summary>
    Failed,
}

/// <summary>
/// What became of one saga of a batch. The first answer counts; an accepted one, which says what is recorded, takes the
/// place of another.
/// </summary>
/// <param name="Batch">The batch.</param>
/// <param name="SagaId">The saga.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Code">The problem's code; null for an accepted one.</param>
/// <param name="Text">A sentence; null where there is nothing to say.</param>
/// <param name="At">When.</param>
public sealed record BatchAnswer(
    string Batch, string SagaId, BatchFate Fate, string? Code, string? Text, DateTimeOffset At);

/// <summary>What a commit writes of batches. Belongs to a <see cref="StoreCommit" />.</summary>
public sealed class BatchCommit
{
    /// <summary>Batches that are accepted, with the ids of their sagas.</summary>
    public List<(BatchRow Batch, IReadOnlyList<string> Sagas)> New { get; } = [];

    /// <summary>What became of single sagas; those that have an answer already keep it.</summary>
    public List<BatchAnswer> Answers { get; } = [];

    /// <summary>Batches that end; those that have ended already are passed over.</summary>
    public List<(string Batch, BatchState State, DateTimeOffset At)> Ends { get; } = [];

    /// <summary>Batches that are deleted with their answers.</summary>
    public List<string> Purges { get; } = [];

    /// <summary>Rows it writes or deletes.</summary>
    public int Rows => New.Count + New.Sum(row => row.Sagas.Count) + Answers.Count + Ends.Count + Purges.Count;

    /// <summary>Empties it for the next use.</summary>
    public void Clear()
    {
        New.Clear();
        Answers.Clear();
        Ends.Clear();
        Purges.Clear();
    }
}
