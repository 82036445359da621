using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Auditing;
using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing.Work;

/// <summary>A definition is put.</summary>
internal sealed class PutDefinitionWork(
    CatalogState catalog, SagaDefinition definition, PutDefinitionMode mode, string actor) : EngineWork
{
    private readonly TaskCompletionSource<PutDefinitionOutcome> done = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    private PutDefinitionOutcome? outcome;

    public Task<PutDefinitionOutcome> Done => done.Task;

    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        outcome = catalog.Working.Put(definition, mode, actor, batch);
        if (outcome is PutDefinitionOutcome.Stored stored)
            batch.Commit.Audits.Add(CatalogAudits.Of(stored.Definition, actor, batch.Now));
    }

    public override void Committed() => done.TrySetResult(outcome!);

    public override bool Failed(string text)
    {
        done.TrySetResult(new PutDefinitionOutcome.Unavailable(text));
        return false;
    }

    public override void Broke(Exception exception) => done.TrySetException(exception);
}

/// <summary>A participant is added or replaced.</summary>
internal sealed class PutParticipantWork(CatalogState catalog, ParticipantEntry entry, string actor) : EngineWork
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => done.Task;

    public override void Add(TurnBatch batch, LiveSagas sagas)
    {
        var before = catalog.Working.Snapshot.Participants.GetValueOrDefault(entry.Name);
        catalog.Working.Put(entry, batch);
        batch.Commit.Audits.Add(CatalogAudits.Of(entry, before, actor, batch.Now));
    }

    public override void Committed() => done.TrySetResult();

    public override bool Failed(string text)
    {
        done.TrySetException(new StoreUnavailableException(text));
        return false;
    }
}
