using Orchestrator.Core.History;
using Orchestrator.Databases;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Storage;

/// <summary>What every store has to keep of batches and of the audit list.</summary>
public abstract class BatchContract : UnverifiedContract
{
    private static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [DatabaseFact]
    public async Task A_batch_is_read_back_with_its_sagas_and_goes_on()
    {
        var batch = Row("b1");
        await CommitAsync(commit => commit.Batches.New.Add((batch, ["s2", "s1", "s3"])));

        await ReopenAsync();

        var running = await Batches.Store.RunningAsync(CancellationToken.None);
        running.Should().ContainSingle().Which.Should().Be(new RunningBatch(batch, true, 3));
        (await NextAsync("b1")).Should().Equal("s1", "s2", "s3");
        (await Batches.Store.NextAsync("b1", "s1", 1, CancellationToken.None)).Should().Equal("s2");
        var found = await Batches.Queries.FindAsync("b1", CancellationToken.None);
        found.Should().Be(new BatchSummary(batch, BatchState.Running, null, 3, 0, 0, 0));
        (await Batches.Queries.FindAsync("b2", CancellationToken.None)).Should().BeNull();
    }

    [DatabaseFact]
    public async Task The_first_answer_of_a_saga_counts()
    {
        await CommitAsync(commit => commit.Batches.New.Add((Row("b1"), ["s1", "s2", "s3"])));
        var accepted = new BatchAnswer("b1", "s1", BatchFate.Accepted, null, null, At);
        var refused = new BatchAnswer("b1", "s2", BatchFate.Refused, "finished", "It has ended.", At);
        await CommitAsync(commit => commit.Batches.Answers.AddRange([accepted, refused]));
        await CommitAsync(commit => commit.Batches.Answers.AddRange(
            [refused with { SagaId = "s1" }, refused with { SagaId = "s9" }]));

        var answers = await Batches.Queries.AnswersAsync("b1", null, null, 10, CancellationToken.None);
        answers.Items.Should().Equal(accepted, refused);
        var first = await Batches.Queries.AnswersAsync("b1", null, null, 1, CancellationToken.None);
        first.Items.Should().Equal(accepted);
        (await Batches.Queries.AnswersAsync("b1", null, first.Next, 1, CancellationToken.None)).Should()
            .BeEquivalentTo(new BatchAnswerPage([refused], null));
        var narrowed = await Batches.Queries.AnswersAsync("b1", BatchFate.Refused, null, 10, CancellationToken.None);
        narrowed.Items.Should().Equal(refused);
        (await NextAsync("b1")).Should().Equal("s3");
        (await Batches.Queries.FindAsync("b1", CancellationToken.None)).Should()
            .BeEquivalentTo(new { Total = 3L, Accepted = 1L, Refused = 1L, Failed = 0L });
    }

    [DatabaseFact]
    public async Task What_is_recorded_in_the_end_takes_the_place_of_what_was_believed()
    {
        await CommitAsync(commit => commit.Batches.New.Add((Row("b1"), ["s1", "s2"])));
        var failed = new BatchAnswer("b1", "s1", BatchFate.Failed, "unavailable", "Nobody answers.", At);
        var accepted = new BatchAnswer("b1", "s1", BatchFate.Accepted, null, null, At.AddSeconds(1));
        await CommitAsync(commit => commit.Batches.Answers.Add(failed));
        await CommitAsync(commit => commit.Batches.Answers.Add(accepted));
        await CommitAsync(commit => commit.Batches.Answers.Add(accepted with { At = At.AddSeconds(2) }));
        // In one commit too, whichever comes first.
        await CommitAsync(commit => commit.Batches.Answers.AddRange(
            [accepted with { SagaId = "s2" }, failed with { SagaId = "s2" }]));

        var answers = await Batches.Queries.AnswersAsync("b1", null, null, 10, CancellationToken.None);

        answers.Items.Should().Equal(accepted, accepted with { SagaId = "s2" });
        (await Batches.Queries.FindAsync("b1", CancellationToken.None)).Should()
            .BeEquivalentTo(new { Total = 2L, Accepted = 2L, Refused = 0L, Failed = 0L });
    }

    [DatabaseFact]
    public async Task A_batch_ends_once_and_is_deleted_with_its_answers()
    {
        await CommitAsync(commit =>
        {
            commit.Batches.New.Add((Row("b1"), ["s1"]));
            commit.Batches.New.Add((Row("b2") with { Actor = "ben" }, ["s1"]));
        });
        await CommitAsync(commit => commit.Batches.Ends.Add(("b1", BatchState.Stopped, At)));
        await CommitAsync(commit => commit.Batches.Ends.Add(("b1", BatchState.Done, At.AddHours(1))));

        var found = await Batches.Queries.FindAsync("b1", CancellationToken.None);
        found.Should().BeEquivalentTo(new { State = BatchState.Stopped, EndedAt = At });
        (await NextAsync("b1")).Should().BeEmpty("nothing of a batch that was stopped is done");
        (await Batches.Store.RunningAsync(CancellationToken.None)).Select(batch => batch.Row.Id).Should().Equal("b2");
        (await Batches.Store.FindOldAsync(At, 10, CancellationToken.None)).Should().BeEmpty();
        (await Batches.Store.FindOldAsync(At.AddSeconds(1), 10, CancellationToken.None)).Should().Equal("b1");
        await CommitAsync(commit => commit.Batches.Purges.Add("b1"));
        (await ListAsync(null)).Should().Equal("b2");
        (await Batches.Queries.AnswersAsync("b1", null, null, 10, CancellationToken.None)).Items.Should().BeEmpty();
    }

    [DatabaseFact]
    public async Task Batches_are_listed_newest_first_and_by_actor()
    {
        await CommitAsync(commit =>
        {
            foreach (var id in (string[])["b1", "b2", "b3"]) commit.Batches.New.Add((Row(id), ["s1"]));
            commit.Batches.New.Add((Row("b4") with { Actor = "ben" }, ["s1"]));
        });

        (await ListAsync(null)).Should().Equal("b4", "b3", "b2", "b1");
        (await ListAsync("ann")).Should().Equal("b3", "b2", "b1");
        var page = await Batches.Queries.ListAsync(null, null, 2, CancellationToken.None);
        page.Next.Should().Be("b3");
        (await Batches.Queries.ListAsync(null, page.Next, 2, CancellationToken.None)).Items
            .Select(batch => batch.Row.Id).Should().Equal("b2", "b1");
    }

    [DatabaseFact]
    public async Task Sagas_are_found_by_their_ids()
    {
        await CommitAsync(commit =>
        {
            Begin("one").Start(commit, "[a]");
            Begin("two").Start(commit, "[a]").End(commit, SagaPhase.Completed);
        });

        var found = await Batches.Queries.SagasAsync(["two", "none", "one"], CancellationToken.None);

        found.Select(saga => saga.Id).Should().BeEquivalentTo("one", "two");
    }

    [DatabaseFact]
    public async Task The_audit_list_is_read_back_newest_first_and_by_what_it_says()
    {
        var cancel = Audit("cancel", "s1") with
        {
            Definition = "order",
            Reason = "rang",
            Before = """{"phase":"doing"}""",
            After = """{"phase":"compensating"}""",
        };
        await CommitAsync(commit => commit.Audits.AddRange([cancel, Audit("retry", "s2") with { Actor = "ben" }]));
        await CommitAsync(commit => commit.Audits.Add(Audit("cancel", "s2") with { Code = "finished" }));

        await ReopenAsync();

        (await AuditAsync(new AuditFilter())).Select(entry => (entry.Row.Verb, entry.Row.Target)).Should()
            .Equal(("cancel", "s2"), ("retry", "s2"), ("cancel", "s1"));
        (await AuditAsync(new AuditFilter { Saga = "s1" })).Should().ContainSingle().Which.Row.Should().Be(cancel);
        (await AuditAsync(new AuditFilter { Actor = "ben" })).Should().ContainSingle();
        (await AuditAsync(new AuditFilter { Verb = "cancel", Saga = "s2" })).Single().Row.Code.Should().Be("finished");
        (await AuditAsync(new AuditFilter { Definition = "order" })).Should().ContainSingle();
        var page = await Batches.Audit.ListAsync(new AuditFilter { Limit = 2 }, CancellationToken.None);
        (await AuditAsync(new AuditFilter { Cursor = page.Next })).Single().Row.Target.Should().Be("s1");
        await FluentActions.Awaiting(() => AuditAsync(new AuditFilter { Cursor = "x" }))
            .Should().ThrowAsync<FormatException>();
    }

    [DatabaseFact]
    public async Task The_audit_list_is_cut_by_age_and_by_number()
    {
        await CommitAsync(commit => commit.Audits.AddRange(
            Enumerable.Range(0, 6).Select(i => Audit("cancel", $"s{i}") with { At = At.AddMinutes(i) })));
        (await OldAsync(At, 10)).Should().Be(0);
        (await CutAsync(await OldAsync(At.AddMinutes(2), 10))).Should().Equal("s5", "s4", "s3", "s2");

        (await CutAsync(await OldAsync(At, 3))).Should().Equal("s5", "s4", "s3");
        (await CutAsync(await OldAsync(At.AddHours(1), 10, limit: 1))).Should().Equal("s5", "s4");
        (await CutAsync(await OldAsync(At.AddHours(1), 10))).Should().BeEmpty();
        (await OldAsync(At.AddHours(1), 10)).Should().Be(0);
    }

    private static BatchRow Row(string id) => new()
    {
        Id = id,
        Verb = "cancel",
        Args = "{}",
        Filter = """{"stuck":"true"}""",
        Actor = "ann",
        Reason = "outage",
        CreatedAt = At,
    };

    private static AuditRow Audit(string verb, string saga) => new()
    {
        At = At,
        Actor = "ann",
        Verb = verb,
        Kind = AuditKind.Saga,
        Target = saga,
    };

    private Task<IReadOnlyList<string>> NextAsync(string batch) =>
        Batches.Store.NextAsync(batch, "", 10, CancellationToken.None);

    private async Task<IEnumerable<string>> ListAsync(string? actor) =>
        (await Batches.Queries.ListAsync(actor, null, 10, CancellationToken.None)).Items.Select(batch => batch.Row.Id);

    private async Task<IReadOnlyList<AuditEntry>> AuditAsync(AuditFilter filter) =>
        (await Batches.Audit.ListAsync(filter, CancellationToken.None)).Items;

    private Task<long> OldAsync(DateTimeOffset before, long keep, int limit = 100) =>
        Batches.Audit.FindOldAsync(before, keep, limit, CancellationToken.None);

    private async Task<IEnumerable<string>> CutAsync(long upTo)
    {
        upTo.Should().BePositive();
        await CommitAsync(commit => commit.AuditsOutUpTo = upTo);
        return (await AuditAsync(new AuditFilter())).Select(entry => entry.Row.Target);
    }
}
