using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine.Batches;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;
using Orchestrator.Tests.Embedded;

namespace Orchestrator.Tests.Dapr;

/// <summary>
/// A batch whose verb is at the sidecar and not in our store: it raises it again, for it cannot know better.
/// </summary>
public sealed class RaisedTwiceStories
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    // An engine each: it does its batches one after the other, so that two of them cannot both be between the sidecar
    // and the store when it dies.
    [Theory]
    [InlineData(BatchVerbs.Cancel)]
    [InlineData(BatchVerbs.Suspend)]
    [InlineData(BatchVerbs.Resume)]
    [InlineData(BatchVerbs.Retry)]
    [InlineData(BatchVerbs.Extend)]
    [InlineData(BatchVerbs.Resend)]
    public async Task A_verb_that_was_raised_before_a_crash_and_again_after_it_acts_once(string verb)
    {
        await using var first = await EngineRig.StartAsync(EngineKind.Dapr);
        var saga = await HeldAsync(first);
        // From here on the sidecar takes what is raised and keeps the turn, and the engine dies before it gets it.
        first.Sidecar!.Faults.ItemDelay = TimeSpan.FromSeconds(8);
        var batch = await AcceptAsync(first, Request(first, verb, saga));
        await first.UntilAsync(() => first.Sidecar.Management.WaitingEvents(saga, verb) == 1);
        await first.CrashAsync();

        await using var second = await EngineRig.StartAsync(EngineKind.Dapr, of: first, caller: Caller());
        await second.UntilAsync(() => first.Sidecar.Management.WaitingEvents(saga, verb) == 2, Step);
        first.Sidecar.Faults.ItemDelay = TimeSpan.Zero;
        var done = await DoneAsync(second, batch);
        await second.UntilAsync(() => first.Sidecar.Management.WaitingEvents(saga, verb) == 0, Step);

        done.Should().BeEquivalentTo(
            new { Total = 1L, Accepted = 1L, Refused = 0L, Failed = 0L, State = BatchState.Done });
        (await VerbsAsync(second, saga)).Should().ContainSingle().Which.Batch.Should().Be(batch);
        var audit = await second.Audit.ListAsync(
            new AuditFilter { Saga = saga, Verb = verb }, CancellationToken.None);
        audit.Items.Should().ContainSingle().Which.Row.Code.Should().BeNull();
    }

    [Fact]
    public async Task What_a_person_did_in_between_is_not_taken_back_by_the_second_raise()
    {
        var (started, saga, batch) = await SuspendingAsync(TimeSpan.FromSeconds(30));
        await using var rig = started;
        await rig.UntilAsync(() => rig.Sidecar!.Management.WaitingEvents(saga, BatchVerbs.Suspend) == 1);
        await rig.Sidecar!.Management.RaiseAsync(
            new RaiseRequest { InstanceId = saga, Name = BatchVerbs.Resume, Input = """{"actor":"ben"}""" },
            CancellationToken.None).Soon();
        // Nobody tells the batch what became of it, so it asks again.
        await rig.UntilAsync(() => rig.Sidecar.Management.WaitingEvents(saga, BatchVerbs.Suspend) == 2, Step);
        rig.Sidecar.Faults.ItemDelay = TimeSpan.Zero;

        var done = await DoneAsync(rig, batch);
        await rig.UntilAsync(() => rig.Sidecar.Management.WaitingEvents(saga, BatchVerbs.Suspend) == 0, Step);

        done.Should().BeEquivalentTo(new { Accepted = 1L, Refused = 0L, Failed = 0L });
        (await VerbsAsync(rig, saga)).Select(each => (each.GetType(), each.Actor)).Should().Equal(
            (typeof(SuspendRequested), "ann"), (typeof(ResumeRequested), "ben"));
        (await rig.Engine.FindAsync(saga, CancellationToken.None))!.Suspended.Should().BeFalse();
    }

    [Fact]
    public async Task A_verb_that_was_given_up_and_is_recorded_after_all_counts_as_accepted()
    {
        var (started, saga, batch) = await SuspendingAsync(TimeSpan.FromMinutes(3));
        await using var rig = started;

        var given = await DoneAsync(rig, batch);
        rig.Sidecar!.Faults.ItemDelay = TimeSpan.Zero;
        await rig.UntilAsync(() => Find(rig, batch).Accepted == 1, TimeSpan.FromSeconds(1));
        await rig.UntilAsync(() => rig.Sidecar.Management.WaitingEvents(saga, BatchVerbs.Suspend) == 0, Step);

        given.Should().BeEquivalentTo(new { Accepted = 0L, Failed = 1L, State = BatchState.Done });
        Find(rig, batch).Should().BeEquivalentTo(new { Accepted = 1L, Failed = 0L, State = BatchState.Done });
        (await VerbsAsync(rig, saga)).Should().ContainSingle();
        var answers = await rig.BatchQueries.AnswersAsync(batch, null, null, 10, CancellationToken.None);
        answers.Items.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { SagaId = saga, Fate = BatchFate.Accepted, Code = (string?)null });
    }

    /// <summary>A saga that a batch suspends, beside a sidecar that keeps the turn with that for so long.</summary>
    private static async Task<(EngineRig Rig, string Saga, string Batch)> SuspendingAsync(TimeSpan kept)
    {
        var rig = await EngineRig.StartAsync(EngineKind.Dapr);
        var saga = await HeldAsync(rig);
        rig.Sidecar!.Faults.ItemDelay = kept;
        return (rig, saga, await AcceptAsync(rig, Request(rig, BatchVerbs.Suspend, saga)));
    }

    private static ScriptedCaller Caller() => new()
    {
        // Nobody answers the first do; whatever comes after it is done.
        Answers = call => call is { Command: CommandKind.Do, Step: "a" }
            ? new TaskCompletionSource<Answer>().Task
            : Task.FromResult(ScriptedCaller.Yes),
    };

    private static async Task<string> HeldAsync(EngineRig rig)
    {
        rig.Caller.Answers = Caller().Answers;
        var definition = await rig.PutAsync(TestDefinitions.Of("a") with { Deadline = TimeSpan.FromMinutes(30) });
        var saga = (await rig.BeginAsync(definition)).Start.SagaId;
        await rig.UntilAsync(() => !rig.Caller.All.IsEmpty);
        return saga;
    }

    private static BatchRequest Request(EngineRig rig, string verb, string saga) => new()
    {
        Ids = [saga],
        Chosen = "{}",
        Verb = verb,
        Args = verb switch
        {
            BatchVerbs.Extend => new BatchArgs { ExpiresAt = rig.Time.GetUtcNow() + TimeSpan.FromMinutes(40) },
            BatchVerbs.Resend => new BatchArgs { Step = "a", Data = JsonData.FromText("""{"n":2}""") },
            _ => new BatchArgs(),
        },
        Actor = "ann",
        Reason = "outage",
        May = _ => true,
    };

    private static async Task<string> AcceptAsync(EngineRig rig, BatchRequest request) =>
        (await rig.Batches.CreateAsync(request, CancellationToken.None).Soon())
            .Should().BeOfType<BatchOutcome.Accepted>().Subject.Batch.Row.Id;

    private static async Task<BatchSummary> DoneAsync(EngineRig rig, string id)
    {
        await rig.UntilAsync(() => Find(rig, id).EndedAt is not null, Step);
        return Find(rig, id);
    }

    private static BatchSummary Find(EngineRig rig, string id) =>
        rig.BatchQueries.FindAsync(id, CancellationToken.None).GetAwaiter().GetResult()!;

    private static async Task<IReadOnlyList<VerbRequested>> VerbsAsync(EngineRig rig, string saga) =>
        [.. (await rig.Queries.HistoryAsync(saga, CancellationToken.None))!.OfType<VerbRequested>()];
}
