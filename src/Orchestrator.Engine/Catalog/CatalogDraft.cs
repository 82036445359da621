using System.Collections.Immutable;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Catalog;

/// <summary>
/// The catalog as the commit that is being put together will leave it. Used by the commit loop alone.
/// </summary>
internal sealed class CatalogDraft(CatalogSnapshot basis)
{
    /// <summary>The state with all changes so far.</summary>
    public CatalogSnapshot Snapshot { get; private set; } = basis;

    /// <summary>True once there are any.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Adds or replaces a participant.</summary>
    public void Put(ParticipantEntry entry, TurnBatch batch)
    {
        Snapshot = Snapshot with { Participants = Snapshot.Participants.SetItem(entry.Name, entry) };
        IsChanged = true;
        batch.Commit.Participants.Add(entry);
    }

    /// <summary>Adds the next version, unless it is known or names another address for a known participant.</summary>
    public PutDefinitionOutcome Put(SagaDefinition definition, PutDefinitionMode mode, string actor, TurnBatch batch)
    {
        var body = DefinitionJson.Write(definition).ToString();
        var versions = Snapshot.Definitions.GetValueOrDefault(definition.Name, []);
        if (FindKnown(versions, body, mode) is { } known) return new PutDefinitionOutcome.Known(known);
        var differing = definition.Participants.Where(IsElsewhere).Select(participant => participant.Name).ToList();
        if (differing.Count > 0) return new PutDefinitionOutcome.AddressDiffers(differing);
        foreach (var participant in definition.Participants)
            if (!Snapshot.Participants.ContainsKey(participant.Name))
                Put(Entry(participant), batch);

        var stored = definition with { Version = versions.Length + 1 };
        var at = Contract.Instants.ToMilliseconds(batch.Now);
        var added = versions.Add(new CatalogDefinition(new StoredDefinition(stored, at, actor), body));
        Snapshot = Snapshot with { Definitions = Snapshot.Definitions.SetItem(definition.Name, added) };
        IsChanged = true;
        batch.Commit.Definitions.Add(new DefinitionRow(stored.Name, stored.Version, body, at, actor));
        return new PutDefinitionOutcome.Stored(stored);
    }

    private static SagaDefinition? FindKnown(
        ImmutableArray<CatalogDefinition> versions, string body, PutDefinitionMode mode)
    {
        var candidates = mode switch
        {
            PutDefinitionMode.UnlessNewest => versions.TakeLast(1),
            PutDefinitionMode.UnlessStored => versions.Reverse(),
            _ => throw new System.Diagnostics.UnreachableException($"Unknown mode {mode}."),
        };
        return candidates.FirstOrDefault(version => version.Body == body)?.Stored.Definition;
    }

    private bool IsElsewhere(ParticipantDefinition participant) =>
        Snapshot.Participants.TryGetValue(participant.Name, out var entry)
        && (entry.Url != participant.Url || entry.App != participant.App || entry.ViaPubSub != participant.ViaPubSub);

    private static ParticipantEntry Entry(ParticipantDefinition participant) => new(
        participant.Name, participant.Url, participant.App, participant.ViaPubSub, ParticipantEntry.DefaultConcurrency,
        false);
}
