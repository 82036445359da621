using Orchestrator.Contract;
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
        // Whoever looks at sagas at all looks at those that go on.
        var open = known.Where(id => world.Truth.StateOf(id)?.IsClosed() == false).ToList();
        var saga = open.Count > 0 && world.Dice.Chance(0.8) ? world.Dice.Pick(open) : world.Dice.Pick(known);
        if (world.Truth.StateOf(saga) is not { } state) return;
        switch (world.Dice.Below(20))
        {
            case 0:
                Delete(saga);
                break;
            case 1 or 2:
                Rerun(state);
                break;
            default:
                Submit(saga, AnyVerb(state));
                break;
        }
    }

    /// <summary>Everybody goes on: what was suspended is resumed, what waits is sent.</summary>
    public void PutRight()
    {
        foreach (var id in world.Truth.Known)
        {
            if (world.Truth.StateOf(id) is not { } saga || saga.IsClosed()) continue;
            Submit(id, saga.Suspended ? new SagaVerb.Resume { Actor = Actor } : new SagaVerb.Retry { Actor = Actor });
        }
    }

    private SagaVerb AnyVerb(StartedSaga saga) => world.Dice.Below(16) switch
    {
        0 or 1 => new SagaVerb.Cancel { Actor = Actor, Reason = "changed my mind" },
        2 or 3 => new SagaVerb.Retry { Actor = Actor },
        4 or 5 => new SagaVerb.Suspend { Actor = Actor },
        6 or 7 => new SagaVerb.Resume { Actor = Actor },
        8 => new SagaVerb.Terminate { Actor = Actor },
        9 or 10 => new SagaVerb.Extend { Actor = Actor, ExpiresAt = Later(saga) },
        11 => new SagaVerb.Resend { Actor = Actor, Step = StepOf(saga) },
        12 or 13 => new SagaVerb.Resend { Actor = Actor, Step = StepOf(saga), Data = OtherData(saga) },
        14 => new SagaVerb.Resolve { Actor = Actor, Step = StepOf(saga), As = Resolution.Undone },
        _ => new SagaVerb.Resolve { Actor = Actor, Step = StepOf(saga), As = Resolution.Done },
    };

    private DateTimeOffset Later(StartedSaga saga) => Instants.ToMilliseconds(
        saga.ExpiresAt + world.Dice.Between(TimeSpan.Zero, TimeSpan.FromSeconds(30)));

    /// <summary>Mostly the one that is open.</summary>
    private string StepOf(StartedSaga saga)
    {
        var open = saga.Steps.Where(step => step.Do is CallState.Underway or CallState.Waiting or CallState.Ready)
            .Concat(saga.Steps.Where(step => step.OwesUndo)).FirstOrDefault();
        return open is not null && world.Dice.Chance(0.8)
            ? open.Definition.Name
            : world.Dice.Pick(saga.Steps).Definition.Name;
    }

    private JsonData OtherData(StartedSaga saga) =>
        JsonData.FromText($$"""{"saga":"{{saga.Start.SagaId}}","amount":{{world.Dice.Between(1, 1000)}}}""");

    private void Rerun(StartedSaga saga) => world.Orchestrator.Do(async process =>
    {
        if (process.Catalog.Find(saga.Start.Definition) is not { } definition) return;
        world.Truth.Know(definition);
        var outcome = await process.Engine.RerunAsync(
            new RerunRequest
            {
                SagaId = saga.Start.SagaId,
                Actor = Actor,
                Force = world.Dice.Chance(0.5),
                Start = new StartRequest
                {
                    Definition = definition,
                    Input = saga.Start.Input,
                    ExpiresAt = process.Process.Clock.GetUtcNow() + definition.Deadline,
                },
            },
            CancellationToken.None);
        world.Journal.Note($"rerun of {saga.Start.SagaId}: {outcome.GetType().Name}");
    });

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
