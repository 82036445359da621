using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Endings;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;

namespace Orchestrator.Engine.Sharing;

/// <summary>Takes in what another engine had: its sagas, its events for the broker, its endings.</summary>
internal sealed class Adoption(
    IEnumerable<ISharedStore> stores,
    Recovery recovery,
    LiveSagas sagas,
    EndingsPump endings,
    OutboxRelay relay,
    Log log)
{
    private readonly ISharedStore? store = stores.SingleOrDefault();

    /// <summary>Events and endings may be taken over from now on; <see cref="TakeRest" /> follows.</summary>
    public void BeginRest() => endings.KeepAll();

    /// <summary>Events and endings were taken over: they are looked through from the beginning.</summary>
    public void TakeRest()
    {
        endings.BeginAgain();
        relay.Wake();
    }

    /// <summary>
    /// The sagas go on here, unless this engine was taken out meanwhile. Called by the commit loop.
    /// </summary>
    public void Take(IReadOnlyList<StoredSaga> stored, long token)
    {
        if (store?.Token != token) return;
        var calls = 0;
        foreach (var saga in stored)
        {
            if (sagas.Find(saga.Id) is not null) continue;
            calls += recovery.Take(saga);
        }

        log.Adopted(stored.Count, calls);
    }
}
