using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn;
using static Orchestrator.Tests.StandIn.StandInRig;

namespace Orchestrator.Tests.StandIn;

/// <summary>
/// An instance that begins anew. The recording is another program's log: messages as JSON under their official names,
/// which <see cref="OfficialNames" /> turns into ours.
/// </summary>
public sealed class ContinueAsNewTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task The_stand_in_says_what_the_real_sidecar_said()
    {
        var messages = OfficialNames.Read("continue-as-new.txt");
        // Several threads wrote it down: a turn may stand before the answer that caused it.
        var turns = messages.OfType<WorkItem>().ToList();
        var answers = messages.OfType<WorkflowResponse>().ToList();
        var start = messages.OfType<StartRequest>().Single();
        await using var rig = await StartAsync(new StandInOptions { AppId = "tapp" });
        var (recorded, actual) = (new Sameness(), new Sameness());
        await rig.OpenAsync();

        (await rig.Connection.StartInstanceAsync(start, default)).Should().Be(messages.OfType<StartReply>().Single());
        foreach (var (turn, answer) in turns.Zip(answers))
        {
            actual.Of((await rig.NextAsync()).ToString()).Should().Be(recorded.Of(turn.ToString()));
            await rig.Connection.CompleteTurnAsync(answer, default);
        }

        actual.Of((await rig.StateAsync(start.InstanceId))!.ToString())
            .Should().Be(recorded.Of(messages.OfType<InstanceReply>().Single().State.ToString()));
        (turns.Count, answers.Count, messages.Count).Should().Be((3, 3, 15));
    }

    [Fact]
    public async Task Twenty_times_in_a_row_it_begins_anew_at_once_and_then_a_little_later()
    {
        await using var rig = await StartAsync();
        await rig.OpenAsync();
        await rig.StartInstanceAsync(input: "0");

        for (var count = 0; count <= 20; count++) await ContinueAsync(rig, count);

        await rig.HelloAsync();
        rig.Waiting[0].IsCompleted.Should().BeFalse("the twenty-first waits");
        rig.Clock.Advance(Second);
        await ContinueAsync(rig, 21);
        await ContinueAsync(rig, 22);
    }

    private static async Task ContinueAsync(StandInRig rig, int count)
    {
        var turn = await rig.NextTurnAsync();
        turn.Past.Should().BeEmpty();
        turn.Fresh[1].ExecutionStarted.Input.Should().Be($"{count}");
        var complete = new CompleteWorkflow { Status = RunStatus.ContinuedAsNew, Result = $"{count + 1}" };
        await rig.AnswerAsync(turn, new WorkflowAction { Complete = complete });
    }
}

/// <summary>Reads messages that were written down as JSON under the protocol's official names.</summary>
internal static partial class OfficialNames
{
    private static readonly Dictionary<string, string> Ours = new(StringComparer.Ordinal)
    {
        ["workflowRequest"] = "workflow",
        ["newEvents"] = "fresh",
        ["workflowInstance"] = "instance",
        ["sourceAppID"] = "sourceAppId",
        ["completeWorkflow"] = "complete",
        ["workflowState"] = "state",
        ["workflowStatus"] = "status",
        ["createdTimestamp"] = "createdAt",
        ["lastUpdatedTimestamp"] = "updatedAt",
        ["getInputsAndOutputs"] = "withPayloads",
        ["ORCHESTRATION_STATUS_CONTINUED_AS_NEW"] = "RUN_STATUS_CONTINUED_AS_NEW",
        ["ORCHESTRATION_STATUS_COMPLETED"] = "RUN_STATUS_COMPLETED",
    };

    /// <summary>Every message to and from the sidecar, in the order it was written down.</summary>
    public static IReadOnlyList<IMessage> Read(string file)
    {
        var found = new List<IMessage>();
        var method = "";
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Dapr", "Recorded", file));
        foreach (var match in Written().Matches(text).Cast<Match>())
        {
            var arrow = match.Groups["arrow"].Value;
            if (arrow == "-->") method = match.Groups["method"].Value;
            var json = Name().Replace(match.Groups["json"].Value, word =>
                Ours.TryGetValue(word.Groups["name"].Value, out var name) ? $"\"{name}\"" : word.Value);
            found.Add(JsonParser.Default.Parse(json, DescriptorOf(arrow, method)));
        }

        return found;
    }

    private static MessageDescriptor DescriptorOf(string arrow, string method) => (arrow, method) switch
    {
        ("<==", _) => WorkItem.Descriptor,
        (_, "Hello") or ("<--", "CompleteWorkflowTask") => Nothing.Descriptor,
        ("-->", "CompleteWorkflowTask") => WorkflowResponse.Descriptor,
        ("-->", "StartInstance") => StartRequest.Descriptor,
        ("<--", "StartInstance") => StartReply.Descriptor,
        ("-->", "WaitForInstanceCompletion") => InstanceRequest.Descriptor,
        ("<--", "WaitForInstanceCompletion") => InstanceReply.Descriptor,
        _ => throw new ArgumentException($"What is {arrow} {method}?", nameof(method)),
    };

    [GeneratedRegex(
        @"^(?<arrow>-->|<--|<==) (/TaskHubSidecarService/(?<method>\w+) )?(?<json>\{(\}|.*?\n\}))",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Written();

    [GeneratedRegex("\"(?<name>\\w+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
