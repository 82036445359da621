using Orchestrator.Core.Definitions;
using static Orchestrator.Tests.Definitions.DefinitionSample;

namespace Orchestrator.Tests.Definitions;

public sealed class DefinitionRulesTests
{
    [Fact]
    public void The_smallest_definition_has_the_documented_defaults()
    {
        var definition = Definition(Minimal);

        definition.Name.Should().Be("place-order");
        definition.Version.Should().Be(0);
        definition.Deadline.Should().Be(TimeSpan.FromMinutes(10));
        definition.MaxDeadline.Should().Be(TimeSpan.FromHours(1));
        definition.Guard.Should().Be(TimeSpan.FromSeconds(2));
        definition.Output.Should().BeNull();
        definition.Participants.Should().Equal(
            new ParticipantDefinition("inventory", new Uri("http://127.0.0.1:5102"), null, false),
            new ParticipantDefinition("payment", null, "payment", true));
        definition.Steps.Should().ContainSingle().Which.Should().Be(new StepDefinition
        {
            Name = "reserve-stock",
            Participant = "inventory",
            Action = "reserve-stock",
            Kind = StepKind.Compensatable,
            DoPath = "/saga/reserve-stock/do",
            ConfirmPath = "/saga/reserve-stock/confirm",
            UndoPath = "/saga/reserve-stock/undo",
            Input = InputMapping.WholeInput,
            Retry = RetryPolicy.Default,
        });
    }

    [Fact]
    public void Fields_marked_as_secret_are_kept_and_written_again()
    {
        var definition = Definition(With("secret: [ $.input.card, $.steps.reserve-stock.output.token ]"));

        definition.Secret.Should().Equal("$.input.card", "$.steps.reserve-stock.output.token");
        var written = DefinitionJson.Write(definition).ToString();
        Definition(written).Secret.Should().Equal(definition.Secret);
        DefinitionJson.Write(Definition(Minimal)).ToString().Should().NotContain("secret", "versions of before stay equal");
    }

    [Theory]
    [InlineData("secret: card", "secret", "Expected a list")]
    [InlineData("secret: [ card ]", "secret[0]", "is no query")]
    [InlineData("secret: [ 5 ]", "secret[0]", "Expected a query")]
    [InlineData("secret: [ $.input.a, \"$.input[\" ]", "secret[1]", "is not a query")]
    [InlineData("secret: [ $.steps.nobody.output.x ]", "secret[0]", "there is no step")]
    [InlineData("secret: [ $.saga.tags.x ]", "secret[0]", "none of it is secret")]
    [InlineData("secret: [ $$x ]", "secret[0]", "is not a query")]
    public void What_cannot_be_marked_as_secret_is_said(string text, string path, string part)
    {
        var problem = Problem(With(text));

        (problem.Line, problem.Path).Should().Be((9, path));
        problem.Message.Should().Contain(part);
    }

    [Fact]
    public void The_default_paths_follow_the_action() =>
        Definition(WithStep("action: reserve")).Steps[0].Should().Match<StepDefinition>(
            step => step.Action == "reserve" && step.DoPath == "/saga/reserve/do" && step.UndoPath == "/saga/reserve/undo");

    [Fact]
    public void Other_paths_are_taken_as_written() =>
        Definition(WithStep("do: /orders\nconfirm: /orders/ok\nundo: /orders/cancel")).Steps[0].Should().Match<StepDefinition>(
            step => step.DoPath == "/orders" && step.ConfirmPath == "/orders/ok" && step.UndoPath == "/orders/cancel");

    [Fact]
    public void A_deadline_longer_than_an_hour_is_the_longest_by_default() =>
        Definition(Minimal.Replace("10m", "3h", StringComparison.Ordinal)).MaxDeadline.Should().Be(TimeSpan.FromHours(3));

    [Fact]
    public void A_step_overrides_single_values_of_the_retry_policy() =>
        Definition(With("retry: { first: 100ms, attempts: 3 }").Replace("    participant: inventory\n", "    participant: inventory\n    retry: { attempts: 7, timeout: 1s }\n", StringComparison.Ordinal))
            .Steps[0].Retry.Should().Be(new RetryPolicy(
                TimeSpan.FromMilliseconds(100), 2, TimeSpan.FromSeconds(30), 7, TimeSpan.FromSeconds(1)));

    [Fact]
    public void Confirm_none_makes_a_step_unarmed() =>
        Definition(WithStep("confirm: none")).Steps[0].Kind.Should().Be(StepKind.Unarmed);

    [Theory]
    [InlineData("compensatable", "unarmed", "compensatable", "pivot", "retriable", "retriable")]
    [InlineData("pivot")]
    [InlineData("retriable", "retriable")]
    [InlineData("unarmed", "retriable")]
    public void The_kinds_in_order_are_accepted(params string[] kinds) =>
        Definition(WithKinds(kinds)).Steps.Should().HaveCount(kinds.Length);

    [Theory]
    [InlineData(8, "kind", "cannot come after", "pivot", "compensatable")]
    [InlineData(8, "kind", "cannot come after", "retriable", "compensatable")]
    [InlineData(8, "", "cannot come after", "pivot", "unarmed")]
    [InlineData(8, "kind", "only one point of no return", "pivot", "pivot")]
    [InlineData(8, "kind", "cannot come after the retriable", "retriable", "pivot")]
    public void The_kinds_in_another_order_are_a_problem(int line, string property, string says, params string[] kinds)
    {
        var problem = Problem(WithKinds(kinds));

        problem.Line.Should().Be(line);
        problem.Path.Should().Be(property.Length == 0 ? "steps[1]" : $"steps[1].{property}");
        problem.Message.Should().Contain(says);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a~2")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("x\\ny")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg")]
    public void A_wrong_name_is_a_problem_wherever_it_stands(string name)
    {
        Problem(Minimal.Replace("place-order", $"\"{name}\"", StringComparison.Ordinal)).Path.Should().Be("name");
        Problem(Minimal.Replace("reserve-stock", $"\"{name}\"", StringComparison.Ordinal)).Path.Should().Be("steps[0].name");
        Problem(WithStep($"action: \"{name}\"")).Path.Should().Be("steps[0].action");
        Problem(Minimal.Replace("  payment:", $"  \"{name}\":", StringComparison.Ordinal)).Path.Should().StartWith("participants");
        Problem(Minimal.Replace("app: payment", $"app: \"{name}\"", StringComparison.Ordinal)).Path.Should().Be("participants.payment.app");
    }

    [Fact]
    public void A_name_may_have_64_characters_and_dots() =>
        Definition(Minimal.Replace("place-order", "Place.order_1-" + new string('x', 50), StringComparison.Ordinal)).Name.Length.Should().Be(64);

    [Fact]
    public void The_name_of_the_schemas_address_is_reserved() =>
        Problem(Minimal.Replace("place-order", "schema.json", StringComparison.Ordinal)).Message.Should().Contain("schema");

    [Fact]
    public void A_file_that_calls_itself_otherwise_than_its_address_is_a_problem() =>
        Orchestrator.Engine.DefinitionFiles.DefinitionFile
            .Read(System.Text.Encoding.UTF8.GetBytes(Minimal), expectedName: "other")
            .Problems.Should().ContainSingle().Which.Message.Should().Contain("place-order").And.Contain("other");

    [Theory]
    [InlineData("name: place-order\n", "name", "name: place-order")]
    [InlineData("deadline: 10m\n", "deadline", "deadline: 10m")]
    [InlineData(OneStep, "steps", "steps: [")]
    public void A_missing_property_is_a_problem_with_an_example(string removed, string property, string example)
    {
        var problem = Problem(Minimal.Replace(removed, "", StringComparison.Ordinal));

        problem.Line.Should().Be(1);
        problem.Message.Should().StartWith($"\"{property}\" is missing").And.Contain(example);
    }

    [Fact]
    public void Without_participants_only_that_is_the_problem() =>
        Problem("name: a\ndeadline: 10m\n" + OneStep).Message.Should().StartWith("\"participants\" is missing");

    [Fact]
    public void A_definition_needs_a_step() => Problem(Head + "steps: []").Message.Should().Contain("at least one");

    [Fact]
    public void A_definition_has_at_most_a_hundred_steps()
    {
        Definition(WithKinds([.. Enumerable.Repeat("compensatable", 100)])).Steps.Should().HaveCount(100);
        Problem(WithKinds([.. Enumerable.Repeat("compensatable", 101)])).Message.Should().Contain("at most 100");
    }

    [Fact]
    public void Two_steps_of_one_name_are_a_problem_at_the_second()
    {
        var problem = Problem(Minimal + "  - name: reserve-stock\n    participant: payment\n");

        problem.Should().Match<DefinitionProblem>(p => p.Line == 9 && p.Path == "steps[1].name" && p.Message.Contains("line 7"));
    }

    [Fact]
    public void A_participant_that_is_not_declared_is_a_problem()
    {
        var problem = Problem(Minimal.Replace("participant: inventory", "participant: inventroy", StringComparison.Ordinal));

        problem.Should().Match<DefinitionProblem>(p => p.Line == 8 && p.Path == "steps[0].participant");
        problem.Message.Should().Contain("Did you mean \"inventory\"?");
    }
}
