using System.Text;
using Orchestrator.Contract;
using Orchestrator.Engine;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Orchestrating;

/// <summary>
/// Starts one saga, again and again with the same key until it is told that it has started: sometimes even then.
/// </summary>
internal sealed class Customer(int no, string definition, World world)
{
    private readonly long amount = world.Dice.Between(1, 1000);
    private readonly bool saysMaybe = world.Dice.Chance(0.8);
    private string? sagaId;

    /// <summary>True once it knows its saga.</summary>
    public bool IsServed => sagaId is not null;

    /// <summary>Asks for the first time.</summary>
    public void Begin()
    {
        world.Orchestrator.Do(StartAsync);
        world.Agenda.After(world.Dice.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5)), null, Again);
    }

    private void Again()
    {
        if (!IsServed || world.Dice.Chance(0.1)) Begin();
    }

    private async Task StartAsync(OrchestratorProcess process)
    {
        if (process.Catalog.Find(definition) is not { } found) return;
        world.Truth.Know(found);
        var deadline = world.Dice.Chance(0.8) ? found.Deadline
            : found.Guard + world.Dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        var input = $$"""{"amount":{{amount}}{{(saysMaybe ? ",\"maybe\":true" : "")}}}""";
        var outcome = await process.Engine.StartAsync(
            new StartRequest
            {
                Definition = found,
                Input = JsonData.FromText(input),
                ExpiresAt = process.Process.Clock.GetUtcNow() + deadline,
                IdempotencyKey = $"customer-{no}",
                Digest = Encoding.UTF8.GetBytes(input),
            },
            CancellationToken.None);
        switch (outcome)
        {
            case StartOutcome.Started started:
                Heard(started.Saga.Start.SagaId);
                break;
            case StartOutcome.AlreadyStarted already:
                Heard(already.Saga.Start.SagaId);
                break;
            case StartOutcome.KeyReused:
                world.Journal.Wrong("start", $"customer {no} was told that its key was used for something else");
                break;
            case StartOutcome.Unavailable:
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void Heard(string id)
    {
        // A finished saga that was purged frees its key.
        if (sagaId is not null && sagaId != id && !world.Truth.IsPurged(sagaId))
            world.Journal.Wrong("start", $"customer {no} has two sagas, {sagaId} and {id}");
        sagaId = id;
        world.Truth.Promised(id);
    }
}
