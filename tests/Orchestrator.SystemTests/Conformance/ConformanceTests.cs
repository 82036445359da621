using System.Text.Json;
using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Reporting;
using Orchestrator.SystemTests.Harness;
using Xunit.Abstractions;

namespace Orchestrator.SystemTests.Conformance;

public sealed class ConformanceTests(KitRuns runs, ITestOutputHelper output) : IClassFixture<KitRuns>
{
    private static readonly string[] NoToken = ["token-missing"];

    [Fact]
    public async Task The_participant_in_Node_keeps_every_promise_also_when_it_is_killed() =>
        IsGood(await runs.Node, []);

    [Fact]
    public async Task The_shops_inventory_keeps_every_promise_also_when_it_is_killed() =>
        IsGood(await runs.Inventory, NoToken);

    [Fact]
    public async Task Every_planted_fault_is_caught_and_named()
    {
        foreach (var (fault, run) in PlantedFault.All.Zip(runs.Faulty))
        {
            var problems = (await run).Problems;
            output.WriteLine($"{fault.Name}: {string.Join(", ", problems.Keys)}");
            problems.Should().ContainKey(fault.Named, $"that names the fault \"{fault.Name}\"");
            if (fault.IsAlone) problems.Should().ContainSingle($"nothing else is wrong with \"{fault.Name}\"");
        }
    }

    [Fact]
    public async Task The_kit_as_a_program_tells_a_stranger_what_it_found()
    {
        var fault = PlantedFault.All.Single(each => each.Named == "undo-bars-late-do");
        await using var node = new NodeParticipant(fault.Changes);
        node.Launch();
        await node.WaitUntilReadyAsync();
        var json = Path.Combine(node.Folder, "report.json");

        var (code, words) = await Programs.RunOursAsync(
            typeof(KitOptions).Assembly.Location, node.Address.ToString(), "--step", "book-courier",
            "--data", NodeParticipant.Sample("good.json"), "--refused", NodeParticipant.Sample("refused.json"),
            "--probe", "/places/monday", "--only", "do-runs,undo-bars-late-do", "--json", json);

        code.Should().Be(1, words);
        words.Should().Contain("kept        do-runs").And.Contain("BROKEN      undo-bars-late-do")
            .And.Contain("section 2, undo x none").And.Contain("410 (barred)").And.Contain("does NOT keep the protocol");
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        report.RootElement.GetProperty("isGood").GetBoolean().Should().BeFalse();
        var check = report.RootElement.GetProperty("checks").EnumerateArray()
            .Single(each => each.GetProperty("id").GetString() == "undo-bars-late-do");
        check.GetProperty("verdict").GetString().Should().Be("broken");
        check.GetProperty("messages").EnumerateArray().Last().GetProperty("sent").GetString().Should().Contain("/book-courier/do");
    }

    [Fact]
    public async Task A_restart_that_kills_nobody_is_not_taken_for_a_participant_that_came_through()
    {
        await using var node = new NodeParticipant();
        node.Launch();
        await node.WaitUntilReadyAsync();

        var (code, words) = await Programs.RunOursAsync(
            typeof(KitOptions).Assembly.Location, node.Address.ToString(), "--step", "book-courier",
            "--data", NodeParticipant.Sample("good.json"), "--only", "do-runs,restart-keeps-answers", "--restart", "cd .");

        code.Should().Be(0, words);
        words.Should().Contain("not checked restart-keeps-answers").And.Contain("the participant was not killed");
    }

    [Fact]
    public async Task What_a_slow_machine_did_not_see_is_neither_kept_nor_broken()
    {
        // Every answer comes when it says nothing any more, as where nobody gets a processor.
        await using var node = new NodeParticipant(
            ("function reply(response, {",
            "function reply(response, said) {\n  setTimeout(replyNow, 600, response, said);\n}\n\nfunction replyNow(response, {"));
        node.Launch();
        await node.WaitUntilReadyAsync();

        var (code, words) = await Programs.RunOursAsync(
            typeof(KitOptions).Assembly.Location, node.Address.ToString(), "--step", "book-courier",
            "--data", NodeParticipant.Sample("good.json"), "--only", "expiry-not-before", "--hold", "0.5");

        code.Should().Be(3, words);
        words.Should().Contain("cannot tell expiry-not-before").And.Contain("no answer came before the expiry")
            .And.Contain("0 kept, 0 broken, 0 not checked, 1 that could not be told").And.Contain("run it again");
    }

    [Theory]
    [InlineData("Nobody answers", "http://127.0.0.1:1", "--step", "book-courier", "--data", "good.json")]
    [InlineData("--colour is not known", "http://127.0.0.1:1", "--colour", "red")]
    [InlineData("Name at least one step", "http://127.0.0.1:1")]
    [InlineData("nowhere.json", "http://127.0.0.1:1", "--step", "book-courier", "--data", "nowhere.json")]
    public async Task What_cannot_be_checked_is_said_in_a_sentence(string sentence, params string[] arguments)
    {
        var (code, words) = await Programs.RunOursAsync(
            typeof(KitOptions).Assembly.Location,
            arguments.Select(each => each == "good.json" ? NodeParticipant.Sample(each) : each));

        code.Should().Be(2, words);
        words.Should().Contain(sentence).And.NotContain("   at ");
    }

    private static void IsGood(KitSummary summary, string[] notChecked)
    {
        summary.Problems.Should().BeEmpty();
        summary.Advice.Should().BeEmpty();
        summary.IdsNotChecked.Should().Equal(notChecked);
        summary.Untold.Should().Be(0);
        summary.IsGood.Should().BeTrue();
    }
}
