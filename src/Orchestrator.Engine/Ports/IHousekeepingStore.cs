using Orchestrator.Core.History;

namespace Orchestrator.Engine.Ports;

/// <summary>
/// What the engine reads beside sagas: definitions and participants at start, endings to tell, finished sagas to purge,
/// events for the broker. All writes go through <see cref="ISagaStore.CommitAsync" />. Safe for any number of threads;
/// never waits for a commit. Throws <see cref="StoreUnavailableException" />.
/// </summary>
public interface IHousekeepingStore
{
    /// <summary>
    /// Every definition version, by name and version, every participant, and how many facts wait for the broker.
    /// </summary>
    Task<StoredCatalog> LoadCatalogAsync(CancellationToken cancel);

    /// <summary>The endings after a number, in order.</summary>
    Task<IReadOnlyList<EndingRow>> ReadEndingsAsync(long after, int limit, CancellationToken cancel);

    /// <summary>How far each participant was told; a participant that was never told anything is left out.</summary>
    Task<IReadOnlyList<EndingCursor>> ReadCursorsAsync(CancellationToken cancel);

    /// <summary>Ids of sagas that ended this way before an instant.</summary>
    Task<IReadOnlyList<string>> FindEndedAsync(
        SagaOutcome outcome, DateTimeOffset endedBefore, int limit, CancellationToken cancel);

    /// <summary>The events after a number that may go out, in order: of each saga and topic only the oldest.</summary>
    Task<IReadOnlyList<WaitingEvent>> ReadOutboxAsync(long after, int limit, CancellationToken cancel);
}

/// <summary>What is stored beside sagas.</summary>
/// <param name="Definitions">Definition versions.</param>
/// <param name="Participants">Participants.</param>
/// <param name="FactsWaiting">How many facts of sagas wait for the broker.</param>
public sealed record StoredCatalog(
    IReadOnlyList<DefinitionRow> Definitions, IReadOnlyList<ParticipantEntry> Participants, long FactsWaiting);
