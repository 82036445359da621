using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Sharing;

namespace Orchestrator.Engine.Committing.Work;

/// <summary>Sagas that were taken over from another engine and read from the store.</summary>
internal sealed class AdoptWork(Adoption adoption, IReadOnlyList<StoredSaga> sagas, long token) : EngineWork
{
    private readonly TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>False when they have to be read again.</summary>
    public Task<bool> Done => done.Task;

    public override long Knows => sagas.Select(saga => saga.No).DefaultIfEmpty().Max();

    public override void Add(TurnBatch batch, LiveSagas live)
    {
        adoption.Take(sagas, token);
        done.TrySetResult(true);
    }

    public override bool Failed(string text)
    {
        done.TrySetResult(false);
        return false;
    }
}

/// <summary>Another engine has changed definitions or participants.</summary>
internal sealed class ReloadCatalogWork(CatalogState catalog, CatalogSnapshot stored, long changesBefore) : EngineWork
{
    private readonly TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>False when this engine has changed them meanwhile: they are to be read again.</summary>
    public Task<bool> Done => done.Task;

    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        if (catalog.Working.IsChanged || catalog.Changes != changesBefore)
        {
            done.TrySetResult(false);
            return;
        }

        catalog.Load(stored);
        done.TrySetResult(true);
    }

    public override bool Failed(string text)
    {
        done.TrySetResult(false);
        return false;
    }
}
