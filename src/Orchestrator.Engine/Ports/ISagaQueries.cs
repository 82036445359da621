using System.Collections.Immutable;
using Orchestrator.Core.History;

namespace Orchestrator.Engine.Ports;

/// <summary>Lists what is stored. Reads only; never blocks a commit. Safe for any number of threads.</summary>
public interface ISagaQueries
{
    /// <summary>A page of summaries, newest first, stable under inserts.</summary>
    Task<SagaPage> ListAsync(SagaFilter filter, CancellationToken cancel);

    /// <summary>Sagas per definition and phase, with the start of the oldest.</summary>
    Task<IReadOnlyList<SagaCount>> CountAsync(CancellationToken cancel);

    /// <summary>How many live sagas want attention at an instant, and the oldest of each kind.</summary>
    Task<SagaAttention> AttentionAsync(DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// How many sagas of each version of a definition there are, and how many of them have not ended.
    /// </summary>
    Task<IReadOnlyList<VersionCount>> CountVersionsAsync(string definition, CancellationToken cancel);

    /// <summary>Every event of a saga in order; null when there is none of that id.</summary>
    Task<IReadOnlyList<SagaEvent>?> HistoryAsync(string sagaId, CancellationToken cancel);

    /// <summary>
    /// The summaries of the sagas that changed after change number <paramref name="after" />, oldest change first, at
    /// most
    /// <paramref name="limit" />; of one saga when <paramref name="sagaId" /> is given. A saga that changed several
    /// times may appear once, as it is now. Change numbers rise over the life of the store.
    /// </summary>
    Task<IReadOnlyList<SagaChange>> ChangesAsync(long after, string? sagaId, int limit, CancellationToken cancel);

    /// <summary>
    /// What started and ended in each minute from that one on, of the sagas that are stored; minutes in which nothing
    /// did are left out, in no order. Its cost grows with what ended since then and what runs, not with what is stored.
    /// </summary>
    Task<IReadOnlyList<MinuteFigures>> CountMinutesAsync(DateTimeOffset from, CancellationToken cancel);

    /// <summary>The start recorded under an idempotency key, or null.</summary>
    Task<StoredStart?> FindStartAsync(StartKey key, CancellationToken cancel);
}

/// <summary>What the list shows of a saga. Immutable.</summary>
public sealed record SagaSummary
{
    /// <summary>The saga's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its definition.</summary>
    public required string Definition { get; init; }

    /// <summary>The version it stays on.</summary>
    public required int DefinitionVersion { get; init; }

    /// <summary>Its phase.</summary>
    public required SagaPhase Phase { get; init; }

    /// <summary>Null while it runs.</summary>
    public SagaOutcome? Outcome { get; init; }

    /// <summary>A person should look.</summary>
    public bool Stuck { get; init; }

    /// <summary>A confirmed participant owes an undo.</summary>
    public bool InDoubt { get; init; }

    /// <summary>An operator holds it still: nothing but undos is sent.</summary>
    public bool Suspended { get; init; }

    /// <summary>It has ended, or may, on a person's word for an undo that nobody has acknowledged.</summary>
    public bool Unverified { get; init; }

    /// <summary>Why it went back, or what holds it.</summary>
    public SagaReason? Reason { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it must have ended.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The caller's own key.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>The caller's own attributes.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A summary and the number of the change that made it.</summary>
public sealed record SagaChange(long Number, SagaSummary Saga);

/// <summary>A page of the list. <paramref name="Next" /> is the cursor of the next page, or null.</summary>
public sealed record SagaPage(IReadOnlyList<SagaSummary> Items, string? Next);

/// <summary>A line of the counts.</summary>
public sealed record SagaCount(string Definition, SagaPhase Phase, long Count, DateTimeOffset OldestStartedAt);

/// <summary>Live sagas that want attention.</summary>
/// <param name="Live">Sagas that have not ended.</param>
/// <param name="Stuck">Those that need a person.</param>
/// <param name="InDoubt">Those whose confirmed participant owes an undo.</param>
/// <param name="Overdue">Those past their expiry and not past the point of no return.</param>
/// <param name="Suspended">Those an operator holds still.</param>
/// <param name="OldestStuckStartedAt">When the oldest stuck one started; null when there is none.</param>
/// <param name="OldestOverdueExpiresAt">When the one longest overdue expired; null when there is none.</param>
public sealed record SagaAttention(
    long Live,
    long Stuck,
    long InDoubt,
    long Overdue,
    long Suspended,
    DateTimeOffset? OldestStuckStartedAt,
    DateTimeOffset? OldestOverdueExpiresAt);

/// <summary>Sagas of one version of a definition.</summary>
/// <param name="Version">The version.</param>
/// <param name="Live">Those that have not ended.</param>
/// <param name="Total">All that are stored.</param>
public sealed record VersionCount(int Version, long Live, long Total);

/// <summary>What the list is narrowed to; a null narrows nothing.</summary>
public sealed record SagaFilter
{
    /// <summary>Definition name.</summary>
    public string? Definition { get; init; }

    /// <summary>Phase.</summary>
    public SagaPhase? Phase { get; init; }

    /// <summary>Outcome.</summary>
    public SagaOutcome? Outcome { get; init; }

    /// <summary>Stuck or not.</summary>
    public bool? Stuck { get; init; }

    /// <summary>In doubt or not.</summary>
    public bool? InDoubt { get; init; }

    /// <summary>Suspended or not.</summary>
    public bool? Suspended { get; init; }

    /// <summary>Past its expiry, not ended, not past the point of no return, or the opposite.</summary>
    public bool? Overdue { get; init; }

    /// <summary>The instant "overdue" is meant at.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>Business key.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>All of these attributes.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Started at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Started before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>From a page before; an unreadable one is a <see cref="FormatException" />.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;
}
