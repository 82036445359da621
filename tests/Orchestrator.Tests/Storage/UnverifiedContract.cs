using Orchestrator.Core.History;
using Orchestrator.Databases;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Storage;

/// <summary>What the verbs need of a store: sagas that live on after their end, and deadlines that move.</summary>
public abstract class UnverifiedContract : SagaStoreContract
{
    private static readonly DateTimeOffset StartedAt = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [DatabaseFact]
    public async Task An_ended_saga_that_is_unverified_is_loaded_and_never_purged_until_it_is_not()
    {
        var saga = Begin("one").With(before => before with { Unverified = true });
        await CommitAsync(commit => commit.Definitions.Add(new DefinitionRow("d", 1, "{}", StartedAt, null)));
        await CommitAsync(commit => saga.Start(commit, "[a]"));
        await CommitAsync(commit => saga.End(commit, SagaPhase.Compensated));
        await CommitAsync(commit => commit.Purges.Add("one"));

        (await LiveAsync()).Should().ContainSingle();
        (await EndedAsync()).Should().BeEmpty();

        await CommitAsync(commit => saga.Change(commit, before => before with { Unverified = false }));
        (await LiveAsync()).Should().BeEmpty();
        (await EndedAsync()).Should().Equal("one");
        await CommitAsync(commit => commit.Purges.Add("one"));
        (await ListAsync(new SagaFilter())).Items.Should().BeEmpty();
    }

    [DatabaseFact]
    public async Task A_deadline_that_moved_is_listed()
    {
        var saga = Begin("one");
        await CommitAsync(commit => saga.Start(commit, "[a]"));
        await CommitAsync(commit => saga.Change(commit, before => before with { ExpiresAt = StartedAt.AddHours(2) }));

        var overdue = await ListAsync(new SagaFilter { Overdue = true, Now = StartedAt.AddHours(1) });

        overdue.Items.Should().BeEmpty();
        (await ListAsync(new SagaFilter()))
            .Items.Should().ContainSingle().Which.ExpiresAt.Should().Be(StartedAt.AddHours(2));
    }

    private Task<IReadOnlyList<string>> EndedAsync() => Housekeeping.FindEndedAsync(
        SagaOutcome.Compensated, StartedAt.AddDays(1), 10, CancellationToken.None);
}
