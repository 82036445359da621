using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Orchestrating;

/// <summary>People who submit verbs at bad moments, and one who puts everything right at the end.</summary>
internal sealed class Operators(World world)
{
    private const string Actor = "ann";

    /// <summary>A verb for one of the sagas, whatever it is at.</summary>
    public void Act()
    {
        var known = world.Truth.Known;
        if (known.Count == 0) return;
        var saga = world.Dice.Pick(known);
        if (world.Dice.Chance(0.05)) Delete(saga);
        else Submit(saga, AnyVerb());
    }

    /// <summary>Everybody goes on: what was suspended is resumed, what waits is sent.</summary>
    public void PutRight()
    {
        foreach (var id in world.Truth.Known)
        {
            if (world.Truth.StateOf(id) is not { } saga || saga is Ended) continue;
            Submit(id, saga.Suspended ? new SagaVerb.Resume { Actor = Actor } : new SagaVerb.Retry { Actor = Actor });
        }
    }

    private SagaVerb AnyVerb() => world.Dice.Below(9) switch
    {
        0 or 1 => new SagaVerb.Cancel { Actor = Actor, Reason = "changed my mind" },
        2 or 3 => new SagaVerb.Retry { Actor = Actor },
        4 or 5 => new SagaVerb.Suspend { Actor = Actor },
        6 or 7 => new SagaVerb.Resume { Actor = Actor },
        _ => new SagaVerb.Terminate { Actor = Actor },
    };

    private void Submit(string saga, SagaVerb verb)
    {
        world.Orchestrator.Do(async process =>
        {
            world.Journal.Note($"{verb.GetType().Name} for {saga}");
            var isPromised = world.Truth.Find(saga) is { IsPromised: true };
            var outcome = await process.Engine.SubmitAsync(saga, verb, CancellationToken.None);
            world.Journal.Note($"{verb.GetType().Name} for {saga}: {outcome.GetType().Name}");
            if (outcome is VerbOutcome.NotFound && isPromised && !world.Truth.IsPurged(saga))
                world.Journal.Wrong("verb", $"{saga} is not found");
        });
    }

    private void Delete(string saga) => world.Orchestrator.Do(async process =>
    {
        var outcome = await process.Engine.DeleteAsync(saga, Actor, CancellationToken.None);
        world.Journal.Note($"delete {saga}: {outcome}");
    });
}
