using Orchestrator.Contract;
using Orchestrator.Databases;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Storage;

/// <summary>What every store has to keep of events for the broker.</summary>
public abstract class OutboxContract : AlertContract
{
    private static readonly DateTimeOffset StartedAt = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [DatabaseFact]
    public async Task Of_each_saga_and_topic_only_the_oldest_event_may_go_out()
    {
        await CommitAsync(commit =>
        {
            commit.Outbox.Add(Event("s1/a/do", "saga.a", "s1"));
            commit.Outbox.Add(Event("s1/a/undo", "saga.a", "s1"));
            commit.Outbox.Add(Event("s1/b/do", "saga.b", "s1"));
            commit.Outbox.Add(Event("s2/a/do", "saga.a", "s2"));
        });

        var first = await OutboxAsync();
        await CommitAsync(commit => commit.OutboxSent.AddRange(first.Select(waiting => waiting.Seq)));
        await ReopenAsync();
        var second = await OutboxAsync();

        first.Select(waiting => waiting.Row.Id).Should().Equal("s1/a/do", "s1/b/do", "s2/a/do");
        second.Should().ContainSingle().Which.Row.Should().BeEquivalentTo(Event("s1/a/undo", "saga.a", "s1"));
        (await Housekeeping.ReadOutboxAsync(second[0].Seq, 10, CancellationToken.None)).Should().BeEmpty();
    }

    [DatabaseFact]
    public async Task A_later_attempt_takes_the_place_of_one_that_still_waits()
    {
        await CommitAsync(commit => commit.Outbox.Add(Event("s1/a/do", "saga.a", "s1", "{\"attempt\":1}")));
        var first = await OutboxAsync();

        await CommitAsync(commit => commit.Outbox.Add(Event("s1/a/do", "saga.a", "s1", "{\"attempt\":2}")));
        await CommitAsync(commit => commit.OutboxSent.Add(first[0].Seq));

        (await OutboxAsync()).Should().ContainSingle().Which.Row.Event.ToString().Should().Be("{\"attempt\":2}");
    }

    [DatabaseFact]
    public async Task How_many_facts_wait_is_known_whatever_else_does()
    {
        await CommitAsync(commit =>
        {
            commit.Outbox.Add(Event("s1/saga.started", SagaTopics.Facts, "s1"));
            commit.Outbox.Add(Event("s1/saga.completed", SagaTopics.Facts, "s1"));
            commit.Outbox.Add(Event("s1/a/do", "saga.a", "s1"));
        });

        (await Housekeeping.LoadCatalogAsync(CancellationToken.None)).FactsWaiting.Should().Be(2);
    }

    private static OutboxRow Event(string id, string topic, string sagaId, string body = "{}") =>
        new(id, topic, sagaId, "saga.step.do", JsonData.FromText(body), "00-a-b-01", StartedAt);

    private Task<IReadOnlyList<WaitingEvent>> OutboxAsync() =>
        Housekeeping.ReadOutboxAsync(0, 10, CancellationToken.None);
}
