using System.Text;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Databases;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Storage;

/// <summary>
/// What every store has to keep, whatever database it is on. A backend is a class that says how to open it; the same
/// folder or database opened again is the same store.
/// </summary>
public abstract class SagaStoreContract : IAsyncLifetime
{
    private static readonly DateTimeOffset StartedAt = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private StoreUnderTest store = null!;
    private long number;

    /// <summary>Opens the store of this test; the one opened before was disposed or is still open.</summary>
    protected abstract StoreUnderTest Make();

    /// <summary>Throws away everything.</summary>
    protected abstract ValueTask DropAsync();

    public async Task InitializeAsync()
    {
        store = Make();
        (await store.Store.OpenAsync(CancellationToken.None)).Should().BeLessThanOrEqualTo(0);
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        await DropAsync();
    }

    [DatabaseFact]
    public async Task A_commit_is_read_back_by_the_next_engine()
    {
        var saga = Begin("one");
        await CommitAsync(commit => saga.Start(commit, "[a]"));
        await CommitAsync(commit => saga.Turn(commit, 1, "[b]"));

        await ReopenAsync();

        var live = await LiveAsync();
        live.Should().ContainSingle().Which.Turns.Select(Text).Should().Equal("[a]", "[b]");
        live[0].Should().BeEquivalentTo(new { No = saga.No, Id = "one", Definition = "d", DefinitionVersion = 1 });
    }

    [DatabaseFact]
    public async Task A_number_that_is_not_above_the_last_one_is_refused()
    {
        await CommitAsync(_ => { });
        var commit = new StoreCommit { Number = number, Base = number };

        await FluentActions.Awaiting(() => store.Store.CommitAsync(commit, CancellationToken.None))
            .Should().ThrowAsync<StoreUnavailableException>();
    }

    [DatabaseFact]
    public async Task A_turn_whose_seq_is_taken_fails_the_whole_commit()
    {
        var saga = Begin("one");
        await CommitAsync(commit => saga.Start(commit, "[a]"));
        var other = Begin("two");

        await FluentActions.Awaiting(() => CommitAsync(commit =>
        {
            other.Start(commit, "[x]");
            saga.Turn(commit, 0, "[y]");
        })).Should().ThrowAsync<StoreConflictException>();

        await ReopenAsync();
        (await LiveAsync()).Should().ContainSingle().Which.Turns.Should().ContainSingle();
    }

    [DatabaseFact]
    public async Task An_id_is_never_used_twice()
    {
        await CommitAsync(commit => Begin("one").Start(commit, "[a]"));

        await FluentActions.Awaiting(() => CommitAsync(commit => Begin("one").Start(commit, "[b]")))
            .Should().ThrowAsync<StoreConflictException>();
    }

    [DatabaseFact]
    public async Task A_start_is_found_by_its_key_within_its_definition_only()
    {
        var key = new StartKey("d", "k");
        await CommitAsync(commit =>
        {
            Begin("one").Start(commit, "[a]");
            commit.Starts.Add(new StoredStart(key, new byte[] { 1, 2 }, "one"));
        });

        var found = await store.Store.FindStartsAsync(
            [key, new StartKey("e", "k"), new StartKey("d", "K")], CancellationToken.None);

        found.Should().ContainSingle().Which.SagaId.Should().Be("one");
        found[0].Digest.ToArray().Should().Equal(1, 2);
    }

    [DatabaseFact]
    public async Task A_key_that_is_used_fails_the_commit()
    {
        var start = new StoredStart(new StartKey("d", "k"), new byte[] { 1 }, "one");
        await CommitAsync(commit =>
        {
            Begin("one").Start(commit, "[a]");
            commit.Starts.Add(start);
        });

        await FluentActions.Awaiting(() => CommitAsync(commit =>
        {
            Begin("two").Start(commit, "[a]");
            commit.Starts.Add(start with { SagaId = "two" });
        })).Should().ThrowAsync<StoreConflictException>();
    }

    [DatabaseFact]
    public async Task A_saga_that_has_ended_is_read_by_its_id_and_is_not_live()
    {
        var saga = Begin("one");
        await CommitAsync(commit => saga.Start(commit, "[a]"));
        await CommitAsync(commit => saga.Turn(commit, 1, "[b]").End(commit, SagaPhase.Completed));

        (await LiveAsync()).Should().BeEmpty();
        var read = await store.Store.ReadAsync("one", CancellationToken.None);
        read!.Turns.Select(Text).Should().Equal("[a]", "[b]");
        (await store.Store.ReadAsync("two", CancellationToken.None)).Should().BeNull();
    }

    [DatabaseFact]
    public async Task A_purge_takes_a_finished_saga_with_all_that_is_its_own_and_leaves_its_ending()
    {
        var saga = Begin("one");
        await CommitAsync(commit =>
        {
            saga.Start(commit, "[a]", ("color", "red")).End(commit, SagaPhase.Compensated);
            commit.Starts.Add(new StoredStart(new StartKey("d", "k"), new byte[] { 1 }, "one"));
            commit.Endings.Add(new EndingRow(saga.No, "one", SagaOutcome.Compensated, ["p"]));
        });

        await CommitAsync(commit => commit.Purges.AddRange(["one", "unknown"]));

        (await store.Store.ReadAsync("one", CancellationToken.None)).Should().BeNull();
        (await store.Store.FindStartsAsync([new StartKey("d", "k")], CancellationToken.None)).Should().BeEmpty();
        (await ListAsync(new SagaFilter())).Items.Should().BeEmpty();
        (await store.Housekeeping.ReadEndingsAsync(0, 10, CancellationToken.None)).Should().ContainSingle();
    }

    [DatabaseFact]
    public async Task A_purge_leaves_a_saga_that_has_not_ended()
    {
        await CommitAsync(commit => Begin("one").Start(commit, "[a]"));

        await CommitAsync(commit => commit.Purges.Add("one"));

        (await LiveAsync()).Should().ContainSingle();
    }

    [DatabaseFact]
    public async Task Endings_are_read_in_order_after_a_number_and_deleted_once_told()
    {
        var sagas = new[] { Begin("one"), Begin("two"), Begin("three") };
        foreach (var saga in sagas)
            await CommitAsync(commit =>
            {
                saga.Start(commit, "[a]").End(commit, SagaPhase.Completed);
                commit.Endings.Add(new EndingRow(saga.No, saga.Id, SagaOutcome.Completed, ["p", "q"]));
            });

        var first = await store.Housekeeping.ReadEndingsAsync(0, 2, CancellationToken.None);
        first.Select(ending => ending.SagaId).Should().Equal("one", "two");
        first[0].Participants.Should().Equal("p", "q");
        await CommitAsync(commit =>
        {
            commit.Cursors.Add(new EndingCursor("p", first[1].No));
            commit.EndingsToldUpTo = first[0].No;
        });
        (await store.Housekeeping.ReadCursorsAsync(CancellationToken.None))
            .Should().Equal(new EndingCursor("p", first[1].No));

        await ReopenAsync();
        (await store.Housekeeping.ReadEndingsAsync(0, 9, CancellationToken.None)).Select(ending => ending.SagaId)
            .Should().Equal("two", "three");
    }

    [DatabaseFact]
    public async Task Definitions_and_participants_are_read_back()
    {
        var definition = new DefinitionRow("d", 1, "{}", StartedAt, "ann");
        var retry = new RetryOverride(
            TimeSpan.FromMilliseconds(200), 1.5, TimeSpan.FromMinutes(2), 7, TimeSpan.FromSeconds(90));
        var participant = new ParticipantEntry(
            "p", new Uri("http://127.0.0.1:1/base"), null, false, 7, true, retry);
        await CommitAsync(commit =>
        {
            commit.Definitions.Add(definition);
            commit.Participants.Add(participant with { Concurrency = 1 });
        });
        await CommitAsync(commit => commit.Participants.Add(participant));

        await ReopenAsync();

        var catalog = await store.Housekeeping.LoadCatalogAsync(CancellationToken.None);
        catalog.Definitions.Should().Equal(definition);
        catalog.Participants.Should().Equal(participant);
    }

    [DatabaseFact]
    public async Task Sagas_to_purge_are_found_by_outcome_and_age()
    {
        await CommitAsync(commit =>
        {
            commit.Definitions.Add(new DefinitionRow("d", 1, "{}", StartedAt, null));
            Begin("old").Start(commit, "[]").End(commit, SagaPhase.Completed, StartedAt.AddMinutes(1));
            Begin("young").Start(commit, "[]").End(commit, SagaPhase.Completed, StartedAt.AddMinutes(3));
            Begin("other").Start(commit, "[]").End(commit, SagaPhase.Compensated, StartedAt.AddMinutes(1));
            Begin("live").Start(commit, "[]");
        });

        var found = await store.Housekeeping.FindEndedAsync(
            SagaOutcome.Completed, StartedAt.AddMinutes(2), 10, CancellationToken.None);

        found.Should().Equal("old");
    }

    protected Task<SagaPage> ListAsync(SagaFilter filter) => store.Queries.ListAsync(filter, CancellationToken.None);

    /// <summary>What the last opening answered.</summary>
    protected long Opened { get; private set; }

    protected ISagaStore Store => store.Store;

    protected ISagaQueries Queries => store.Queries;

    protected IHousekeepingStore Housekeeping => store.Housekeeping;

    protected BatchPorts Batches => store.Batches;
    protected IAlertStore Alerts => store.Alerts;

    protected async Task CommitAsync(Action<StoreCommit> fill)
    {
        var commit = new StoreCommit { Base = number };
        fill(commit);
        commit.Number = commit.Turns.Count == 0 ? number + 1 : number;
        number = commit.Number;
        await store.Store.CommitAsync(commit, CancellationToken.None);
    }

    internal SagaScript Begin(string id) => new(id, () => ++number);

    /// <summary>
    /// Closes the store and opens it again; <paramref name="between" /> runs while nobody has it open.
    /// </summary>
    protected async Task ReopenAsync(Func<Task>? between = null)
    {
        await store.DisposeAsync();
        if (between is not null) await between();
        store = Make();
        Opened = await store.Store.OpenAsync(CancellationToken.None);
        number = Math.Max(number, Opened);
    }

    protected async Task<List<StoredSaga>> LiveAsync()
    {
        var live = new List<StoredSaga>();
        await foreach (var saga in store.Store.LoadLiveAsync(CancellationToken.None)) live.Add(saga);
        return live;
    }

    private static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span);
}
