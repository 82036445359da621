using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Endings;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// Brings the engine to where it was: definitions, participants, every saga that has not ended folded from its start,
/// its timers, and every call without a recorded answer.
/// </summary>
internal sealed class Recovery(
    ISagaStore store,
    IHousekeepingStore housekeeping,
    CatalogState catalog,
    LiveSagas sagas,
    ISagaRunner runner,
    EndingsPump endings,
    FactsBacklog facts,
    SagaMinutes minutes,
    EngineHealth health,
    Log log)
{
    /// <summary>
    /// Reads everything; answers the number of the last commit. Throws <see cref="StoreUnavailableException" />.
    /// </summary>
    public async Task<long> RecoverAsync(CancellationToken cancel)
    {
        var last = await store.OpenAsync(cancel);
        Forget();
        var stored = await housekeeping.LoadCatalogAsync(cancel);
        var snapshot = SnapshotOf(stored);
        catalog.Load(snapshot);
        facts.Load(stored.FactsWaiting);
        endings.Load(stored.Participants, await housekeeping.ReadCursorsAsync(cancel));
        await minutes.RecoverAsync(cancel);
        var resent = 0L;
        try
        {
            await foreach (var saga in store.LoadLiveAsync(cancel)) resent += Take(saga, snapshot);
        }
        catch (FormatException e)
        {
            throw new StoreUnavailableException(e.Message, e);
        }

        log.Ready(sagas.Count, resent);
        return last;
    }

    /// <summary>
    /// Takes over a saga of another engine that was read from the store; answers how many of its calls are sent again.
    /// </summary>
    public int Take(StoredSaga stored) => Take(stored, catalog.Current);

    /// <summary>Reads definitions and participants anew. Throws <see cref="StoreUnavailableException" />.</summary>
    public async Task RefreshCatalogAsync(CancellationToken cancel) =>
        catalog.Load(SnapshotOf(await housekeeping.LoadCatalogAsync(cancel)));

    private void Forget()
    {
        sagas.Clear();
        runner.Forget();
        health.Forget();
    }

    private int Take(StoredSaga stored, CatalogSnapshot snapshot)
    {
        var state = Refold(stored, snapshot);
        if (state is null || state.IsClosed()) return 0;
        var saga = new LiveSaga(stored.Id, stored.No);
        var view = ListView.Of(state);
        saga.Commit(state, view);
        sagas.Add(saga);
        // An end is counted when it happens, not when it is read.
        health.Changed(state is Ended ? view with { Stuck = false, InDoubt = false } : default, view);
        return runner.Resume(saga, state);
    }

    private StartedSaga? Refold(StoredSaga stored, CatalogSnapshot snapshot)
    {
        if (snapshot.Find(stored.Definition, stored.DefinitionVersion) is { } definition)
            return SagaTurn.Refold(definition, stored.Turns);
        log.Unreadable(
            stored.Id, $"version {stored.DefinitionVersion} of definition {stored.Definition} is not in the store");
        return null;
    }

    /// <summary>The catalog as it is stored.</summary>
    public static CatalogSnapshot SnapshotOf(StoredCatalog stored)
    {
        var definitions = CatalogSnapshot.Empty.Definitions.ToBuilder();
        foreach (var versions in stored.Definitions.GroupBy(row => row.Name))
            definitions[versions.Key] = [.. versions.OrderBy(row => row.Version).Select(Read)];
        var participants = CatalogSnapshot.Empty.Participants.ToBuilder();
        foreach (var entry in stored.Participants) participants[entry.Name] = entry;
        return new CatalogSnapshot(definitions.ToImmutable(), participants.ToImmutable());
    }

    private static CatalogDefinition Read(DefinitionRow row)
    {
        var definition = StoredDefinitions.Read(JsonData.FromText(row.Body)) with { Version = row.Version };
        return new CatalogDefinition(new StoredDefinition(definition, row.StoredAt, row.Actor), row.Body);
    }
}
