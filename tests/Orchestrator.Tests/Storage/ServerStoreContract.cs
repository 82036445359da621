using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Core.History;
using Orchestrator.Databases;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Storage;

/// <summary>What a store on a server has to keep beside the contract: several engines share it.</summary>
public abstract class ServerStoreContract : SagaQueriesContract
{
    [DatabaseFact]
    public async Task The_numbers_of_a_commit_are_moved_above_those_of_another_engine()
    {
        await CommitAsync(commit => Begin("one").Start(commit, "[a]"));
        await using var other = Make();
        await other.Store.OpenAsync(CancellationToken.None);
        var commit = new StoreCommit();
        var numbers = 0L;
        var saga = new SagaScript("two", () => ++numbers);
        saga.Start(commit, "[b]", ("color", "red"));
        commit.Endings.Add(new EndingRow(saga.No, "two", SagaOutcome.Completed, ["p"]));
        commit.Number = 1;

        await other.Store.CommitAsync(commit, CancellationToken.None);

        commit.Number.Should().Be(2);
        commit.Shift.Should().Be(1);
        var changes = await Queries.ChangesAsync(0, null, 10, CancellationToken.None);
        changes.Select(change => (change.Number, change.Saga.Id)).Should().Equal((1, "one"), (2, "two"));
        var tagged = new SagaFilter { Tags = changes[1].Saga.Tags };
        (await ListAsync(tagged)).Items.Select(item => item.Id).Should().Equal("two");
        (await other.Housekeeping.ReadEndingsAsync(0, 9, CancellationToken.None)).Select(ending => ending.No)
            .Should().Equal(2);
    }

    [DatabaseFact]
    public async Task A_later_turn_of_a_moved_saga_is_written_to_it()
    {
        await using var other = Make();
        await other.Store.OpenAsync(CancellationToken.None);
        await other.Store.CommitAsync(new StoreCommit { Number = 5 }, CancellationToken.None);
        var first = new StoreCommit { Number = 1 };
        var saga = new SagaScript("one", () => 1);
        await Store.CommitAsync(Filled(first, commit => saga.Start(commit, "[a]")), CancellationToken.None);

        var second = new StoreCommit { Base = first.Number, Number = first.Number + 1 };
        second.Turns.Add(new TurnRow(second.Number, saga.No + first.Shift, 1, 1, "[b]"u8.ToArray()));
        await Store.CommitAsync(second, CancellationToken.None);

        var read = await Store.ReadAsync("one", CancellationToken.None);
        read!.No.Should().Be(6);
        read.Turns.Select(turn => Encoding.UTF8.GetString(turn.Span)).Should().Equal("[a]", "[b]");
    }

    [DatabaseFact]
    public async Task What_an_engine_leaves_behind_belongs_to_the_next_one()
    {
        await CommitAsync(commit =>
        {
            var ended = Begin("ended").Start(commit, "[a]").End(commit, SagaPhase.Completed);
            Begin("live").Start(commit, "[b]");
            commit.Endings.Add(new EndingRow(ended.No, "ended", SagaOutcome.Completed, ["p"]));
            commit.Cursors.Add(new EndingCursor("p", 0));
        });
        await using var other = Make();
        await other.Store.OpenAsync(CancellationToken.None);
        (await other.Housekeeping.ReadEndingsAsync(0, 9, CancellationToken.None)).Should().BeEmpty();

        await Store.DisposeAsync();
        await ReopenAsync();

        Opened.Should().BeLessThan(0);
        (await Housekeeping.ReadEndingsAsync(0, 9, CancellationToken.None)).Should().ContainSingle();
        (await Housekeeping.ReadCursorsAsync(CancellationToken.None)).Should().BeEmpty();
    }

    [DatabaseFact]
    public async Task Endings_that_are_taken_over_come_behind_those_the_new_owner_may_delete_as_told()
    {
        await CommitAsync(commit =>
        {
            var saga = Begin("left").Start(commit, "[a]").End(commit, SagaPhase.Completed);
            commit.Endings.Add(new EndingRow(saga.No, "left", SagaOutcome.Completed, ["p"]));
            var next = Begin("left too").Start(commit, "[a]").End(commit, SagaPhase.Completed);
            commit.Endings.Add(new EndingRow(next.No, "left too", SagaOutcome.Completed, ["p"]));
        });
        await using var other = Make();
        await other.Store.OpenAsync(CancellationToken.None);
        var mine = new StoreCommit { Number = 1 };
        await other.Store.CommitAsync(mine, CancellationToken.None);
        await Store.DisposeAsync();

        await other.Shared!.ClaimAsync([], CancellationToken.None);
        var told = new StoreCommit { Base = mine.Number, Number = mine.Number + 1, EndingsToldUpTo = mine.Number };
        await other.Store.CommitAsync(told, CancellationToken.None);

        var kept = await other.Housekeeping.ReadEndingsAsync(mine.Number, 9, CancellationToken.None);
        kept.Select(ending => ending.SagaId).Should().Equal("left", "left too");
        kept[^1].No.Should().BeLessThan(told.Number, "every number is given once");
    }

    [DatabaseFact]
    public async Task An_engine_that_reopens_the_store_goes_on_where_it_was()
    {
        await CommitAsync(commit => Begin("one").Start(commit, "[a]"));

        (await Store.OpenAsync(CancellationToken.None)).Should().Be(1);
        await CommitAsync(commit => Begin("two").Start(commit, "[a]"));

        (await Store.OpenAsync(CancellationToken.None)).Should().Be(2);
    }

    [DatabaseFact]
    public async Task Text_that_no_database_keeps_does_not_stop_a_saga()
    {
        await CommitAsync(commit => Begin("one")
            .With(saga => saga with
            {
                BusinessKey = "a\0b",
                Reason = new SagaReason("failed", "half \ud800 of it", "p"),
            })
            .Start(commit, "[a]", ("t\0", "\udc00")));

        var read = (await ListAsync(new SagaFilter())).Items.Should().ContainSingle().Subject;
        read.BusinessKey.Should().Be("a\ufffdb");
        read.Reason!.Text.Should().Be("half \ufffd of it");
    }

    [DatabaseFact]
    public async Task A_thousand_sagas_are_one_commit()
    {
        await CommitAsync(commit =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Begin($"s{i}").With(saga => saga with { BusinessKey = $"k{i}" }).Start(commit, "[a]", ("n", $"{i}"));
                commit.Starts.Add(new StoredStart(new StartKey("d", $"k{i}"), new byte[] { 1 }, $"s{i}"));
            }
        });

        (await ListAsync(new SagaFilter { BusinessKey = "k777" })).Items.Should().ContainSingle();
        var keys = Enumerable.Range(0, 1500).Select(i => new StartKey("d", $"k{i}")).ToList();
        (await Store.FindStartsAsync(keys, CancellationToken.None)).Should().HaveCount(1000);
    }

    protected static StoreUnderTest StoreOf(IServiceCollection services)
    {
        var provider = services.BuildServiceProvider();
        return new StoreUnderTest(
            provider.GetRequiredService<ISagaStore>(),
            provider.GetRequiredService<ISagaQueries>(),
            provider.GetRequiredService<IHousekeepingStore>(),
            BatchPorts.Of(provider),
            provider.DisposeAsync)
        {
            Alerts = provider.GetRequiredService<IAlertStore>(),
            Shared = provider.GetService<ISharedStore>(),
        };
    }

    private static StoreCommit Filled(StoreCommit commit, Action<StoreCommit> fill)
    {
        fill(commit);
        return commit;
    }
}
