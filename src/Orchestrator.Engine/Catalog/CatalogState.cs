using System.Collections.Immutable;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Catalog;

/// <summary>
/// Definitions and participants in memory. <see cref="Current" /> is what is committed, for any thread;
/// <see cref="Working" /> is the commit loop's, changed while a commit is put together.
/// </summary>
internal sealed class CatalogState
{
    private volatile CatalogSnapshot current = CatalogSnapshot.Empty;
    private long changes;

    /// <summary>Called by the commit loop for each participant that changed.</summary>
    public Action<ParticipantEntry>? ParticipantChanged { get; set; }

    /// <summary>How often this engine has committed changes.</summary>
    public long Changes => Interlocked.Read(ref changes);

    /// <summary>What is committed. Immutable.</summary>
    public CatalogSnapshot Current => current;

    /// <summary>What the commit that is being put together will make of it.</summary>
    public CatalogDraft Working { get; private set; } = new(CatalogSnapshot.Empty);

    /// <summary>Takes over what was stored.</summary>
    public void Load(CatalogSnapshot stored)
    {
        current = stored;
        Working = new CatalogDraft(stored);
        foreach (var entry in stored.Participants.Values) ParticipantChanged?.Invoke(entry);
    }

    /// <summary>The commit is on disk.</summary>
    public void Commit(List<ParticipantEntry> changed)
    {
        if (!Working.IsChanged) return;
        current = Working.Snapshot;
        Interlocked.Increment(ref changes);
        Working = new CatalogDraft(current);
        foreach (var entry in changed) ParticipantChanged?.Invoke(entry);
    }

    /// <summary>The commit failed.</summary>
    public void RollBack() => Working = new CatalogDraft(current);
}

/// <summary>All definition versions and participants at one moment. Immutable.</summary>
internal sealed record CatalogSnapshot(
    ImmutableSortedDictionary<string, ImmutableArray<CatalogDefinition>> Definitions,
    ImmutableSortedDictionary<string, ParticipantEntry> Participants)
{
    public static CatalogSnapshot Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, ImmutableArray<CatalogDefinition>>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, ParticipantEntry>(StringComparer.Ordinal));

    /// <summary>What an operator has put in the place of retry policies for a participant; null for nothing.</summary>
    public RetryOverride? RetryOf(string participant) => Participants.GetValueOrDefault(participant)?.Retry;

    /// <summary>That version of a definition; null when it is not stored.</summary>
    public SagaDefinition? Find(string name, int version) =>
        Definitions.GetValueOrDefault(name, [])
            .FirstOrDefault(stored => stored.Stored.Definition.Version == version)?.Stored.Definition;
}

/// <summary>A stored version and its canonical text.</summary>
internal sealed record CatalogDefinition(StoredDefinition Stored, string Body);
