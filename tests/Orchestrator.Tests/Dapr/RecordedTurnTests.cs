using System.Text.Json.Nodes;
using FluentAssertions.Equivalency;
using Google.Protobuf;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Running;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Dapr;

/// <summary>
/// The recorded turns are taken, and answered as the recorded worker did where a saga of ours does the same. Each line
/// is a recorded action, its id, and ours that stands for it; "nothing" where there is none.
/// </summary>
public sealed class RecordedTurnTests
{
    /// <summary>The call and the timer of a saga that starts.</summary>
    private static readonly string[] Begins = ["call slow 0 => call slow/do 2", "nothing => timer deadline 1"];

    private static readonly string[][] Parallel =
    [
        ["timer deadline 0 => timer deadline 1", "call invoke 1 => call order/do 6"],
        ["call invoke 2 => call inventory/confirm 8", "call invoke 3 => call payment/confirm 9"],
        ["end Completed 4 => end Completed 13"],
    ];

    public static TheoryData<string> Conversations => [.. Recordings.Names];

    [Theory]
    [MemberData(nameof(Conversations))]
    public void An_instance_whose_input_is_no_saga_is_ended_with_a_reason(string name)
    {
        var requests = Turns(name).Select(turn => turn.Request).ToList();
        requests.Should().NotBeEmpty();
        var taker = FoldWorld.Taker(FoldWorld.CatalogOf(TestDefinitions.Of("a")));
        foreach (var request in requests)
        {
            var turn = taker.Take(request);

            turn.Fold.Should().BeNull();
            var complete = turn.Response!.Actions.Should().ContainSingle().Which.Complete;
            complete.Status.Should().Be(RunStatus.Failed);
            complete.Failure.ErrorMessage.Should().Contain("not the history of a saga").And.Contain("API");
            JsonNode.Parse(turn.Response.CustomStatus)!["reason"]!.GetValue<string>()
                .Should().Be(complete.Failure.ErrorMessage);
        }
    }

    [Fact]
    public void What_is_recorded_of_a_saga_that_ends_or_calls_in_parallel_is_answered_alike()
    {
        Play("happy").Should().BeEquivalentTo(Parallel, InOrder);
        Play("dup").Should().BeEquivalentTo([.. Parallel, .. Parallel], InOrder);
        Play("reconnect").Should().BeEquivalentTo(Parallel, InOrder, "a turn that comes again is answered as before");
    }

    [Fact]
    public void What_is_recorded_of_a_deadline_is_answered_alike() => Play("deadline").Should().BeEquivalentTo(
        new string[][]
        {
            ["timer deadline 0 => timer deadline 1", "call slow 1 => call slow/do 2"],
            ["call undo 2 => call slow/undo 4"],
            ["end Completed 3 => end Completed 7"],
        },
        InOrder);

    [Fact]
    public void A_recorded_failure_of_a_call_says_nothing_about_it_and_the_deadline_undoes_it()
    {
        Play("failed", out var fold).Should().BeEquivalentTo(
            new string[][]
            {
                ["call fail 0 => call fail/do 2", "nothing => timer deadline 1"],
                ["call undo 1 => call fail/undo 4"],
                ["end Completed 2 => end Completed 7"],
            },
            InOrder);
        var answered = fold!.Events.Select(each => each.Event).OfType<CallAnswered>().First();
        answered.Answer.Should().Be(
            new Answer { Status = 0, Silence = Silence.Broken, Text = "the call broke: it broke" });
    }

    [Fact]
    public void An_instance_that_is_ended_as_failed_is_one_that_is_no_saga_of_its_own() =>
        Play("endfailed").Should().BeEquivalentTo(new string[][] { ["end Failed 0 => end Failed 0"] }, InOrder);

    [Theory]
    [InlineData("event")]
    [InlineData("grpc")]
    public void A_recorded_event_is_a_verb_whatever_its_case_and_where_the_worker_ended_ours_calls_again(string name)
    {
        Play(name, out var fold).Should().BeEquivalentTo(
            new string[][]
            {
                ["timer wait 0 => timer wait/undo/1 6"],
                ["end Completed 1 => nothing", "nothing => call wait/undo 8"],
            },
            InOrder);
        fold!.Events.Select(each => each.Event).OfType<RetryRequested>()
            .Should().ContainSingle().Which.Actor.Should().Be("dapr", "the payload names no actor of ours");
    }

    [Fact]
    public void While_suspended_nothing_is_asked_for_and_then_ours_confirms_where_the_worker_ended() =>
        Play("suspend").Should().BeEquivalentTo(
            new string[][]
            {
                Begins,
                [],
                [],
                ["end Completed 1 => nothing", "nothing => call slow/confirm 6"],
            },
            InOrder);

    [Fact]
    public void An_undo_goes_out_of_a_suspended_saga_which_ends_with_it_where_the_worker_waited_for_the_do() =>
        Play("suspsched").Should().BeEquivalentTo(
            new string[][]
            {
                Begins,
                ["call undo 1 => call slow/undo 4"],
                ["nothing => end Completed 7"],
                ["end Completed 2 => end Completed 8"],
            },
            InOrder);

    /// <summary>Whatever is asked for there is dropped, the conversations show; ours asks for nothing.</summary>
    [Theory]
    [InlineData("terminate", "call undo 5 => nothing")]
    [InlineData("termcan", "end ContinuedAsNew 9 => nothing")]
    public void A_recorded_termination_is_taken_over_by_the_next_instance(string name, string dropped)
    {
        var last = Turns(name)[^1];
        Play(name, out var fold, out var response).Should()
            .BeEquivalentTo(new string[][] { Begins, [dropped] }, InOrder);
        fold!.IsTerminated.Should().BeTrue();
        JsonNode.Parse(response.CustomStatus)!["continuedBy"]!.GetValue<string>()
            .Should().Be(last.Request.InstanceId + "-2");
    }

    [Fact]
    public void A_saga_is_continued_as_new_as_the_recorded_worker_did_it()
    {
        var recorded = Turns("termcan")[^1].Response!.Actions.Single();
        var conversation = Conversation("suspend", Turns("suspend"));
        conversation.Take(Turns("suspend")[0].Request);

        var input = TurnTaker.Compacted(conversation.Fold!);
        var ours = ActionWriter.ContinueAsNew(conversation.Fold!, input).Actions.Single();

        InstanceInput.Read(ours.Complete.Result).Write().Should().Be(input.Write());
        Like(recorded, ours).ToByteArray().Should().Equal(recorded.ToByteArray());
    }

    private static EquivalencyAssertionOptions<string[]> InOrder(EquivalencyAssertionOptions<string[]> options) =>
        options.WithStrictOrdering();

    private static List<string[]> Play(string name) => Play(name, out _, out _);

    private static List<string[]> Play(string name, out InstanceFold? fold) => Play(name, out fold, out _);

    /// <summary>Takes the turns of a conversation; a line per action of each turn that was answered.</summary>
    private static List<string[]> Play(string name, out InstanceFold? fold, out WorkflowResponse response)
    {
        var turns = Turns(name);
        var lines = new List<string[]>();
        RemadeConversation? conversation = null;
        WorkflowResponse? unanswered = null;
        response = new WorkflowResponse();
        foreach (var (request, recorded) in turns)
        {
            if (request.Past.Count == 0) conversation = Conversation(name, turns, request);
            response = conversation!.Take(request);
            response.InstanceId.Should().Be(request.InstanceId);
            response.CustomStatus.Should().NotBeNull("leaving it out clears it");
            if (unanswered is not null) response.Should().Be(unanswered);
            unanswered = recorded is null ? response : null;
            if (recorded is null) continue;
            var pairs = conversation.Pair(request, recorded, response);
            foreach (var (theirs, ours) in pairs)
                if (theirs is not null && ours is not null)
                    Compare(theirs, ours, response);
            lines.Add([.. pairs.Select(pair => $"{Line(pair.Recorded)} => {Line(pair.Ours)}")]);
        }

        fold = conversation?.Fold;
        return lines;
    }

    private static RemadeConversation Conversation(
        string name, List<(WorkflowRequest Request, WorkflowResponse?)> turns, WorkflowRequest? first = null)
    {
        var from = turns.FindIndex(turn => first is null || ReferenceEquals(turn.Request, first));
        return new RemadeConversation(
            RemadeSaga.For(name), turns[from].Request.InstanceId, [.. turns.Skip(from).Select(turn => turn.Request)]);
    }

    /// <summary>What they carry is the same, and written the same way.</summary>
    private static void Compare(WorkflowAction recorded, WorkflowAction ours, WorkflowResponse response)
    {
        switch (ours.KindCase)
        {
            case WorkflowAction.KindOneofCase.ScheduleTask:
                Same(CallPayload.Read(ours.ScheduleTask.Input).Call.Data.ToString(), recorded.ScheduleTask.Input);
                break;
            case WorkflowAction.KindOneofCase.CreateTimer:
                ours.CreateTimer.FireAt.ToDateTimeOffset().Should()
                    .Be(Instants.ToMilliseconds(recorded.CreateTimer.FireAt.ToDateTimeOffset()));
                ours.CreateTimer.Plain.Should().NotBeNull("a named timer without an origin goes with an event");
                break;
            case WorkflowAction.KindOneofCase.Complete when ours.Complete.Status == RunStatus.Failed:
                ours.Complete.Failure.ErrorMessage.Should().Contain("another", "it names the saga it is a copy of");
                ours.Complete.Failure = null;
                break;
            case WorkflowAction.KindOneofCase.Complete when ours.Complete.Result == "null":
                var phase = JsonNode.Parse(response.CustomStatus)!["phase"]!.GetValue<string>();
                phase.Should().Be("compensated");
                if (JsonNode.Parse(recorded.Complete.Result)!["outcome"] is { } outcome)
                    outcome.GetValue<string>().Should().Be(phase);
                break;
            default:
                Same(ours.Complete.Result, recorded.Complete.Result);
                break;
        }

        Like(recorded, ours).ToByteArray().Should().Equal(recorded.ToByteArray());
    }

    /// <summary>Our action with the recorded id, name and payload, and without the origin of a timer.</summary>
    private static WorkflowAction Like(WorkflowAction recorded, WorkflowAction ours)
    {
        var like = ours.Clone();
        like.Id = recorded.Id;
        if (like.ScheduleTask is { } call)
            (call.Name, call.Input) = (recorded.ScheduleTask.Name, recorded.ScheduleTask.Input);
        if (like.CreateTimer is { } timer)
        {
            (timer.Name, timer.FireAt) = (recorded.CreateTimer.Name, recorded.CreateTimer.FireAt);
            timer.Plain = null;
        }

        if (like.Complete is { } complete) complete.Result = recorded.Complete.Result;
        return like;
    }

    private static void Same(string json, string recorded) =>
        JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(recorded)).Should()
            .BeTrue("{0} is {1}", json, recorded);

    private static string Line(WorkflowAction? action) => action?.KindCase switch
    {
        null => "nothing",
        WorkflowAction.KindOneofCase.ScheduleTask => $"call {action.ScheduleTask.Name} {action.Id}",
        WorkflowAction.KindOneofCase.CreateTimer => $"timer {action.CreateTimer.Name} {action.Id}",
        _ => $"end {action.Complete.Status} {action.Id}",
    };

    /// <summary>The recorded turns with their answers; null where the worker died before it answered.</summary>
    private static List<(WorkflowRequest Request, WorkflowResponse? Response)> Turns(string name)
    {
        var turns = new List<(WorkflowRequest Request, WorkflowResponse? Response)>();
        foreach (var line in Recordings.Read(name).Where(line => line.Base64 is not null))
        {
            if (line.Message() is WorkItem { Workflow: { } request }) turns.Add((request, null));
            if (line.Message() is WorkflowResponse response) turns[^1] = (turns[^1].Request, response);
        }

        return turns;
    }
}
