using System.Collections.Immutable;
using Orchestrator.Core.History;
using Orchestrator.Databases;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Storage;

/// <summary>What the lists of every store have to show.</summary>
public abstract class SagaQueriesContract : OutboxContract
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [DatabaseFact]
    public async Task Pages_go_from_the_newest_to_the_oldest_and_stay_so_under_inserts()
    {
        for (var i = 0; i < 5; i++) await CommitAsync(commit => Begin($"s{i}").Start(commit, "[]"));

        var first = await ListAsync(new SagaFilter { Limit = 2 });
        await CommitAsync(commit => Begin("new").Start(commit, "[]"));
        var second = await ListAsync(new SagaFilter { Limit = 2, Cursor = first.Next });
        var third = await ListAsync(new SagaFilter { Limit = 2, Cursor = second.Next });

        first.Items.Select(saga => saga.Id).Should().Equal("s4", "s3");
        second.Items.Select(saga => saga.Id).Should().Equal("s2", "s1");
        third.Items.Select(saga => saga.Id).Should().Equal("s0");
        third.Next.Should().BeNull();
    }

    [DatabaseFact]
    public async Task A_blank_at_the_end_and_the_case_make_another_key()
    {
        var keys = new Dictionary<string, string> { ["s0"] = "k", ["s1"] = "k ", ["s2"] = "K" };
        foreach (var (id, key) in keys)
            await CommitAsync(commit => Begin(id)
                .With(saga => saga with { BusinessKey = key }).Start(commit, "[a]", (key, "v"), ("n", key)));

        foreach (var (id, key) in keys)
        {
            (await IdsAsync(new SagaFilter { BusinessKey = key })).Should().Equal(id);
            (await IdsAsync(new SagaFilter { Tags = Tag(key, "v") })).Should().Equal(id);
            (await IdsAsync(new SagaFilter { Tags = Tag("n", key) })).Should().Equal(id);
            (await IdsAsync(new SagaFilter { Tags = Tag("n", key), Definition = "d" })).Should().Equal(id);
        }

        (await IdsAsync(new SagaFilter { Definition = "d " })).Should().BeEmpty();
        foreach (var other in new[] { "s0 ", "S0" })
        {
            (await Store.ReadAsync(other, CancellationToken.None)).Should().BeNull();
            (await Queries.HistoryAsync(other, CancellationToken.None)).Should().BeNull();
            (await Queries.ChangesAsync(0, other, 9, CancellationToken.None)).Should().BeEmpty();
        }

        async Task<IEnumerable<string>> IdsAsync(SagaFilter filter) =>
            (await ListAsync(filter)).Items.Select(saga => saga.Id);

        static ImmutableSortedDictionary<string, string> Tag(string name, string value) =>
            ImmutableSortedDictionary<string, string>.Empty.Add(name, value);
    }

    [DatabaseFact]
    public async Task Minutes_count_what_started_and_ended_in_them_and_nothing_from_before()
    {
        var begun = Noon.AddMinutes(-90);
        await CommitAsync(commit =>
        {
            commit.Definitions.AddRange(
                [new DefinitionRow("d", 1, "{}", Noon, null), new DefinitionRow("d", 2, "{}", Noon, null)]);
            foreach (var (id, start, end) in new (string, int, int?)[]
            {
                ("old", 0, 10), ("long", 0, 95), ("both", 91, 95), ("same", 95, 95), ("live", 96, null),
                ("older", 1, null),
            })
            {
                var saga = Begin(id).With(
                    one => one with { Definition = "d", StartedAt = begun.AddMinutes(start).AddSeconds(59) });
                saga.Start(commit, "[]");
                var phase = id == "both" ? SagaPhase.Compensated : SagaPhase.Completed;
                if (end is { } minute) saga.End(commit, phase, begun.AddMinutes(minute).AddSeconds(59.5));
            }
        });

        var minutes = await Queries.CountMinutesAsync(begun.AddMinutes(90), CancellationToken.None);

        minutes.OrderBy(minute => minute.At).Should().Equal(
            new MinuteFigures(begun.AddMinutes(91), 1, 0, 0),
            new MinuteFigures(begun.AddMinutes(95), 1, 2, 1),
            new MinuteFigures(begun.AddMinutes(96), 1, 0, 0));
    }

    [DatabaseTheory]
    [InlineData("-1")]
    [InlineData("1; DROP TABLE sagas")]
    [InlineData("")]
    public async Task A_cursor_that_is_none_is_refused(string cursor) =>
        await FluentActions.Awaiting(() => ListAsync(new SagaFilter { Cursor = cursor }))
            .Should().ThrowAsync<FormatException>();

    [DatabaseFact]
    public async Task Every_filter_shows_what_it_names_and_nothing_else()
    {
        await CommitAsync(commit =>
        {
            Begin("doing").With(saga => saga with { Definition = "e" }).Start(commit, "[]");
            Begin("keyed").With(saga => saga with { BusinessKey = "k'1", StartedAt = Noon.AddHours(1) })
                .Start(commit, "[]", ("color", "red"), ("size", "l"));
            Begin("late").With(
                saga => saga with { ExpiresAt = Noon.AddSeconds(1), Phase = SagaPhase.Compensating, Stuck = true })
                .Start(commit, "[]", ("color", "red"));
            Begin("forward").With(saga => saga with { ExpiresAt = Noon.AddSeconds(1), Phase = SagaPhase.Finishing })
                .Start(commit, "[]");
            Begin("good").Start(commit, "[]").End(commit, SagaPhase.Completed);
            Begin("bad").Start(commit, "[]").End(commit, SagaPhase.Compensated);
        });
        var now = Noon.AddMinutes(5);

        await Shows(new SagaFilter { Definition = "e" }, "doing");
        await Shows(new SagaFilter { Definition = "e", Phase = SagaPhase.Doing }, "doing");
        await Shows(new SagaFilter { Phase = SagaPhase.Doing }, "keyed", "doing");
        await Shows(new SagaFilter { Phase = SagaPhase.Completed }, "good");
        await Shows(new SagaFilter { Outcome = SagaOutcome.Completed }, "good");
        await Shows(new SagaFilter { Outcome = SagaOutcome.Compensated }, "bad");
        await Shows(new SagaFilter { Stuck = true }, "late");
        await Shows(new SagaFilter { Stuck = false }, "bad", "good", "forward", "keyed", "doing");
        await Shows(new SagaFilter { Overdue = true, Now = now }, "late");
        await Shows(new SagaFilter { Overdue = false, Now = now }, "bad", "good", "forward", "keyed", "doing");
        await Shows(new SagaFilter { BusinessKey = "k'1" }, "keyed");
        await Shows(new SagaFilter { From = Noon.AddMinutes(30) }, "keyed");
        await Shows(new SagaFilter { To = Noon.AddMinutes(30), Phase = SagaPhase.Doing }, "doing");
        await Shows(new SagaFilter { Tags = Tags(("color", "red")) }, "late", "keyed");
        await Shows(new SagaFilter { Tags = Tags(("color", "red"), ("size", "l")) }, "keyed");
        await Shows(new SagaFilter { Tags = Tags(("color", "' OR 1=1 --")) });
    }

    [DatabaseFact]
    public async Task A_summary_is_read_back_as_it_was_written()
    {
        var reason = new SagaReason(ReasonCodes.Refused, "no", "p");
        var saga = Begin("one").With(before => before with { BusinessKey = "k" });
        await CommitAsync(commit => saga.Start(commit, "[]", ("a", "1"), ("b", "ü")));
        await CommitAsync(commit => saga.Change(commit, before => before with
        {
            Phase = SagaPhase.Compensating,
            Stuck = true,
            InDoubt = true,
            Suspended = true,
            Reason = reason,
        }));

        var read = (await ListAsync(new SagaFilter())).Items.Should().ContainSingle().Subject;

        read.Should().BeEquivalentTo(new SagaSummary
        {
            Id = "one",
            Definition = "d",
            DefinitionVersion = 1,
            Phase = SagaPhase.Compensating,
            Stuck = true,
            InDoubt = true,
            Suspended = true,
            Reason = reason,
            StartedAt = Noon,
            ExpiresAt = Noon.AddMinutes(10),
            BusinessKey = "k",
            Tags = Tags(("a", "1"), ("b", "ü")),
        });
    }

    [DatabaseFact]
    public async Task Counts_go_by_definition_and_phase_with_the_oldest_start()
    {
        await CommitAsync(commit =>
        {
            Begin("a").With(saga => saga with { StartedAt = Noon.AddSeconds(9) }).Start(commit, "[]");
            Begin("b").Start(commit, "[]");
            Begin("c").Start(commit, "[]").End(commit, SagaPhase.Completed);
        });

        var counts = await Queries.CountAsync(CancellationToken.None);

        counts.Should().Equal(
            new SagaCount("d", SagaPhase.Doing, 2, Noon), new SagaCount("d", SagaPhase.Completed, 1, Noon));
    }

    [DatabaseFact]
    public async Task Changes_after_a_number_come_in_order_and_each_saga_once()
    {
        var one = Begin("one");
        var two = Begin("two");
        await CommitAsync(commit => one.Start(commit, "[]"));
        await CommitAsync(commit => two.Start(commit, "[]"));
        await CommitAsync(
            commit => one.Turn(commit, 1, "[]").Change(commit, saga => saga with { Phase = SagaPhase.Confirming }));

        var all = await Queries.ChangesAsync(0, null, 10, CancellationToken.None);
        var later = await Queries.ChangesAsync(two.No, null, 10, CancellationToken.None);
        var ofTwo = await Queries.ChangesAsync(0, "two", 10, CancellationToken.None);

        all.Select(change => (change.Saga.Id, change.Saga.Phase)).Should()
            .Equal(("two", SagaPhase.Doing), ("one", SagaPhase.Confirming));
        all.Should().BeInAscendingOrder(change => change.Number);
        later.Should().ContainSingle().Which.Saga.Id.Should().Be("one");
        ofTwo.Should().ContainSingle().Which.Number.Should().Be(two.No);
        (await Queries.ChangesAsync(all[^1].Number, null, 10, CancellationToken.None)).Should().BeEmpty();
    }

    private async Task Shows(SagaFilter filter, params string[] ids) =>
        (await ListAsync(filter)).Items.Select(saga => saga.Id).Should().Equal(ids, "that is what {0} shows", filter);

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Tags(
        params (string Name, string Value)[] tags) =>
        System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(
            tags.Select(tag => KeyValuePair.Create(tag.Name, tag.Value)));
}
