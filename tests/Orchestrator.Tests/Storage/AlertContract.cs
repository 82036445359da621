using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Databases;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Storage;

/// <summary>What every store has to know of sagas that want a person, and of whom was told so.</summary>
public abstract class AlertContract : BatchContract
{
    private static readonly DateTimeOffset StartedAt = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [DatabaseFact]
    public async Task Sagas_that_want_a_person_are_found_until_an_alert_is_open()
    {
        var stuck = Begin("stuck").With(saga => saga with { Stuck = true });
        var doubt = Begin("doubt").With(saga => saga with { InDoubt = true, Phase = SagaPhase.Compensating });
        var late = Begin("late").With(saga => saga with { ExpiresAt = StartedAt.AddMinutes(1) });
        var forward = Begin("forward").With(
            saga => saga with { ExpiresAt = StartedAt.AddMinutes(1), Phase = SagaPhase.Finishing });
        await CommitAsync(commit =>
        {
            foreach (var saga in new[] { stuck, doubt, late, forward, Begin("fine") }) saga.Start(commit, "[a]");
        });

        var found = await ScanAsync(StartedAt.AddMinutes(5));
        await CommitAsync(commit =>
        {
            foreach (var (saga, reason) in found.Wanting) commit.Alerts.Add(Open(saga.Id, reason));
        });

        found.Wanting.Select(one => (one.Saga.Id, one.Reason)).Should().BeEquivalentTo(
            [("stuck", AlertReason.Stuck), ("doubt", AlertReason.InDoubt), ("late", AlertReason.Overdue)]);
        found.Over.Should().BeEmpty();
        var again = await ScanAsync(StartedAt.AddMinutes(5));
        again.Wanting.Should().BeEmpty();
        again.Over.Should().BeEmpty();
        (await ScanAsync(StartedAt)).Over.Select(over => over.SagaId).Should().Equal("late");
    }

    [DatabaseFact]
    public async Task An_alert_is_over_when_its_saga_has_ended_or_is_gone_and_may_open_again()
    {
        var one = Begin("one").With(saga => saga with { Stuck = true });
        await CommitAsync(commit => one.Start(commit, "[a]"));
        await CommitAsync(
            commit => commit.Alerts.AddRange([Open("one", AlertReason.Stuck), Open("gone", AlertReason.InDoubt)]));
        await CommitAsync(commit => one.Change(commit, saga => saga with { Stuck = false }));
        await ReopenAsync();

        var over = (await ScanAsync(StartedAt)).Over;
        await CommitAsync(commit =>
        {
            foreach (var each in over) commit.Alerts.Add(Close(each));
        });

        over.Select(each => (each.SagaId, each.Reason, each.RaisedAt, each.Saga?.Id)).Should().BeEquivalentTo(
            [("one", AlertReason.Stuck, StartedAt, "one"), ("gone", AlertReason.InDoubt, StartedAt, (string?)null)]);
        (await ScanAsync(StartedAt)).Over.Should().BeEmpty();
        await CommitAsync(commit => one.Change(commit, saga => saga with { Stuck = true }));
        (await ScanAsync(StartedAt)).Wanting.Should().ContainSingle();
    }

    [DatabaseFact]
    public async Task Of_a_saga_and_a_reason_one_alert_is_open_whoever_opens_it()
    {
        await CommitAsync(commit => commit.Alerts.Add(Open("one", AlertReason.Stuck)));

        var second = () => CommitAsync(commit => commit.Alerts.Add(Open("one", AlertReason.Stuck, "other-id")));

        await second.Should().ThrowAsync<StoreConflictException>();
        await Store.OpenAsync(CancellationToken.None);
        await CommitAsync(commit => commit.Alerts.Add(Open("one", AlertReason.Overdue)));
        (await Alerts.ReadAsync(0, 10, CancellationToken.None)).Should().HaveCount(2);
    }

    [DatabaseFact]
    public async Task News_are_told_in_order_and_how_far_is_kept()
    {
        await CommitAsync(commit => commit.Alerts.AddRange(
            [Open("a", AlertReason.Stuck), Open("b", AlertReason.Overdue), Open("c", AlertReason.Stuck)]));
        var news = await Alerts.ReadAsync(0, 2, CancellationToken.None);
        var cursor = new AlertCursor("ops", news[1].No, StartedAt, null, null);
        await CommitAsync(commit => commit.AlertCursors.Add(cursor));
        await CommitAsync(commit =>
        {
            commit.AlertCursors.Add(cursor with { FailedAt = StartedAt.AddSeconds(1), Error = "it is down" });
            commit.AlertsToldUpTo = news[0].No;
        });
        await ReopenAsync();

        news.Select(one => (one.Id, one.Reason, one.IsCleared, one.At, one.Data)).Should().Equal(
            ("a/Stuck", AlertReason.Stuck, false, StartedAt, JsonData.FromText("""{"saga":"a"}""")),
            ("b/Overdue", AlertReason.Overdue, false, StartedAt, JsonData.FromText("""{"saga":"b"}""")));
        var rest = await Alerts.ReadAsync(0, 10, CancellationToken.None);
        rest.Select(one => one.Id).Should().Equal("b/Overdue", "c/Stuck");
        var (cursors, last) = await Alerts.ReadCursorsAsync(CancellationToken.None);
        cursors.Should().Equal(cursor with { FailedAt = StartedAt.AddSeconds(1), Error = "it is down" });
        last.Should().Be(rest[1].No);
        (await Alerts.CountAsync(0, [AlertReason.Stuck], CancellationToken.None)).Should().Be(1);
        (await Alerts.CountAsync(rest[0].No, [.. Enum.GetValues<AlertReason>()], CancellationToken.None))
            .Should().Be(1);
        await CommitAsync(commit => commit.AlertsToldUpTo = last);
        await CommitAsync(commit => commit.Alerts.Add(Open("d", AlertReason.Stuck)));
        (await Alerts.ReadAsync(last, 10, CancellationToken.None))
            .Should().ContainSingle("a number is never used twice");
    }

    private Task<AlertScan> ScanAsync(DateTimeOffset overdueAt) =>
        Alerts.ScanAsync(overdueAt, 10, CancellationToken.None);

    private static AlertRow Open(string sagaId, AlertReason reason, string? id = null) => new(
        sagaId, reason, false, StartedAt,
        new AlertNews(
            0, id ?? $"{sagaId}/{reason}", reason, false, StartedAt,
            JsonData.FromText($$"""{"saga":"{{sagaId}}"}""")));

    private static AlertRow Close(AlertOver over) => new(
        over.SagaId, over.Reason, true, over.RaisedAt,
        new AlertNews(0, $"{over.SagaId}/over", over.Reason, true, StartedAt, JsonData.FromText("{}")));
}
