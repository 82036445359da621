namespace Orchestrator.Engine;

/// <summary>
/// How the engine is; behind <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>. Safe for any number of threads,
/// cheap.
/// </summary>
public interface IEngineHealth
{
    /// <summary>What keeps starts from being accepted, in a sentence; null when nothing does.</summary>
    string? NotReady { get; }

    /// <summary>
    /// What a person should change although starts are accepted, in a sentence; null when there is nothing.
    /// </summary>
    string? Warning { get; }

    /// <summary>
    /// Why nothing will ever be stored again before the process is started anew, in a sentence; null while that may
    /// still come to pass. It never becomes null again.
    /// </summary>
    string? Dead { get; }

    /// <summary>Figures of this moment.</summary>
    EngineFigures Figures { get; }
}

/// <summary>Figures of an engine since it started, or of this moment.</summary>
/// <param name="Live">Sagas that have not ended.</param>
/// <param name="Started">Sagas started.</param>
/// <param name="Completed">Sagas completed.</param>
/// <param name="Compensated">Sagas compensated.</param>
/// <param name="Stuck">Sagas that need a person now.</param>
/// <param name="InDoubt">Sagas whose confirmed participant owes an undo now.</param>
/// <param name="OldestInDoubtAge">For how long the oldest of them does; zero when there is none.</param>
/// <param name="OldestDueAge">Age of the oldest due work; zero when there is none.</param>
/// <param name="Commits">Transactions written.</param>
/// <param name="Rows">Rows written in them.</param>
/// <param name="CommitFailures">Transactions that failed.</param>
/// <param name="EndingsWaiting">Endings not yet told to a participant.</param>
/// <param name="Participants">Calls per participant.</param>
public sealed record EngineFigures(
    long Live,
    long Started,
    long Completed,
    long Compensated,
    long Stuck,
    long InDoubt,
    TimeSpan OldestInDoubtAge,
    TimeSpan OldestDueAge,
    long Commits,
    long Rows,
    long CommitFailures,
    long EndingsWaiting,
    IReadOnlyList<ParticipantFigures> Participants)
{
    /// <summary>Age of the oldest event that waits for the broker; zero when there is none.</summary>
    public TimeSpan OldestEventAge { get; init; }

    /// <summary>Answers over the broker that no call waited for.</summary>
    public long UnexpectedReplies { get; init; }

    /// <summary>Facts of sagas that wait for the broker.</summary>
    public long FactsWaiting { get; init; }

    /// <summary>Facts of sagas that were left out, because too many waited.</summary>
    public long FactsLeftOut { get; init; }

    /// <summary>Batches.</summary>
    public BatchFigures Batches { get; init; } = new(0, 0, 0, 0);

    /// <summary>Alerts, by target.</summary>
    public IReadOnlyList<AlertFigures> Alerts { get; init; } = [];
}

/// <summary>Figures of batches.</summary>
/// <param name="Running">Batches that go on, as far as this engine has a part in them.</param>
/// <param name="Accepted">Sagas that took the verb, by this engine.</param>
/// <param name="Refused">Sagas that do not allow it.</param>
/// <param name="Failed">Sagas it could not be brought to.</param>
public sealed record BatchFigures(int Running, long Accepted, long Refused, long Failed);

/// <summary>Figures of the alerts to one target, by the engine that tells it; the others tell nothing.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Waiting">Alerts and clearances it had not taken at the last look.</param>
/// <param name="Delivered">Messages it has taken.</param>
/// <param name="Failed">Tries that did not arrive.</param>
public sealed record AlertFigures(string Target, long Waiting, long Delivered, long Failed);

/// <summary>Figures of the calls to one participant.</summary>
/// <param name="Name">The participant.</param>
/// <param name="Calls">Calls that ended.</param>
/// <param name="Failures">Calls that brought no usable answer.</param>
/// <param name="UnderWay">Calls under way.</param>
/// <param name="Waiting">Calls that wait for a place.</param>
public sealed record ParticipantFigures(string Name, long Calls, long Failures, long UnderWay, long Waiting);
