using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Engine.Catalog;

/// <summary>See <see cref="IDefinitionCatalog" />.</summary>
internal sealed class DefinitionCatalog(CatalogState state, Inbox inbox, OwnerState owners) : IDefinitionCatalog
{
    /// <inheritdoc />
    public async Task<PutDefinitionOutcome> PutAsync(
        SagaDefinition definition, PutDefinitionMode mode, string actor, CancellationToken cancel)
    {
        var work = new PutDefinitionWork(state, definition, mode, actor);
        inbox.Post(work);
        var outcome = await work.Done.WaitAsync(cancel);
        if (outcome is PutDefinitionOutcome.Stored) await owners.EverybodyKnowsAsync(cancel);
        return outcome;
    }

    /// <inheritdoc />
    public SagaDefinition? Find(string name, int? version = null)
    {
        if (!state.Current.Definitions.TryGetValue(name, out var versions)) return null;
        if (version is not { } number) return versions[^1].Stored.Definition;
        return number >= 1 && number <= versions.Length ? versions[number - 1].Stored.Definition : null;
    }

    /// <inheritdoc />
    public IReadOnlyList<StoredDefinition> List() =>
        [.. state.Current.Definitions.Values.SelectMany(versions => versions).Select(version => version.Stored)];
}
