using Orchestrator.Core.Definitions;
using static Orchestrator.Tests.Definitions.DefinitionSample;

namespace Orchestrator.Tests.Definitions;

public sealed class DefinitionValueTests
{
    [Theory]
    [InlineData("guard: 10m", "guard", "shorter than \"deadline\"")]
    [InlineData("guard: 11m", "guard", "shorter than \"deadline\"")]
    [InlineData("guard: 0s", "guard", "longer than 0")]
    [InlineData("maxDeadline: 9m", "maxDeadline", "shorter than \"deadline\"")]
    [InlineData("maxDeadline: 366d", "maxDeadline", "at most 365 days")]
    [InlineData("maxDeadline: 10", "maxDeadline", "found the number 10")]
    [InlineData("retry: { first: 0s }", "retry.first", "Expected a duration")]
    [InlineData("retry: { first: 2d }", "retry.first", "too long: at most 1d")]
    [InlineData("retry: { factor: 0.9 }", "retry.factor", "from 1 to 100, found the number 0.9")]
    [InlineData("retry: { factor: 1e400 }", "retry.factor", "from 1 to 100")]
    [InlineData("retry: { factor: \"2\" }", "retry.factor", "found the text \"2\"")]
    [InlineData("retry: { longest: 100ms }", "retry.longest", "shorter than \"first\"")]
    [InlineData("retry: { first: 31s }", "retry.first", "shorter than \"first\"")]
    [InlineData("retry: { attempts: 0 }", "retry.attempts", "from 1 to 1000")]
    [InlineData("retry: { attempts: 1.5 }", "retry.attempts", "whole number")]
    [InlineData("retry: { attempts: 99999999999 }", "retry.attempts", "from 1 to 1000")]
    [InlineData("retry: { timeout: 2h }", "retry.timeout", "at most 1h")]
    [InlineData("retry: 5", "retry", "Expected an object such as { attempts: 5 }, found the number 5")]
    [InlineData("retry: { atempts: 5 }", "retry.atempts", "Did you mean \"attempts\"?")]
    [InlineData("maxdeadline: 1h", "maxdeadline", "Did you mean \"maxDeadline\"?")]
    [InlineData("whatever: 1", "whatever", "Known here: name, deadline")]
    [InlineData("version: 3", "version", "There is no property")]
    [InlineData("output: $.steps.nobody.output", "output", "no step \"nobody\"")]
    [InlineData("output: { a: [ $.input..x ] }", "output.a[0]", "finds many values")]
    public void A_wrong_value_of_the_definition_is_a_problem(string property, string path, string says)
    {
        var problem = Problem(With(property));

        problem.Should().Match<DefinitionProblem>(p => p.Line == 9 && p.Path == path);
        problem.Message.Should().Contain(says);
    }

    [Fact]
    public void The_default_guard_also_has_to_be_shorter_than_the_deadline() =>
        Problem(Minimal.Replace("10m", "2s", StringComparison.Ordinal)).Should().Match<DefinitionProblem>(
            p => p.Path == "deadline" && p.Message.Contains("the default"));

    [Theory]
    [InlineData("kind: pivto", "kind", "Did you mean \"pivot\"?")]
    [InlineData("kind: unarmed", "kind", "confirm: none")]
    [InlineData("kind: 1", "kind", "found the number 1. Quotes make it a text")]
    [InlineData("kind:", "kind", "found nothing")]
    [InlineData("kind: pivot\nundo: /x", "undo", "cannot be undone")]
    [InlineData("kind: retriable\nundo: /x", "undo", "cannot be undone")]
    [InlineData("kind: pivot\nconfirm: none", "confirm", "never confirmed")]
    [InlineData("kind: retriable\nconfirm: /x", "confirm", "never confirmed")]
    [InlineData("do: orders", "do", "does not begin with \"/\"")]
    [InlineData("do: //evil/x", "do", "begins with \"//\"")]
    [InlineData("undo: /a?b", "undo", "contains \"?\"")]
    [InlineData("confirm: /a b", "confirm", "blank")]
    [InlineData("confirm: /ä", "confirm", "percent-encoded")]
    [InlineData("do: /a/../b", "do", "as a part")]
    [InlineData("do: /a/%2e%2E/b", "do", "as a part")]
    [InlineData("do: /%2e/b", "do", "as a part")]
    [InlineData("do: \"/a\\r\\nX: 1\"", "do", "blank")]
    [InlineData("retry: { first: 1m }", "retry.first", "\"longest\" (30s) is shorter than \"first\" (1m)")]
    [InlineData("inputs: 1", "inputs", "Did you mean \"input\"?")]
    [InlineData("input: $.steps.reserve-stock.output", "input", "its own output")]
    [InlineData("input: { a: { b: [ 1, $.steps.nobody.output.x ] } }", "input.a.b[1]", "no step \"nobody\"")]
    [InlineData("input: $.steps.reserve-stock.id", "input", "only its output")]
    [InlineData("input: $.saga.deadline", "input", "no such field")]
    [InlineData("input: $.imput", "input", "Did you mean \"input\"?")]
    [InlineData("input: $5", "input", "with \"$$\"")]
    public void A_wrong_value_of_a_step_is_a_problem(string properties, string path, string says)
    {
        var problem = Problem(WithStep(properties));

        problem.Line.Should().Be(9 + properties.Count(c => c == '\n'));
        problem.Path.Should().Be($"steps[0].{path}");
        problem.Message.Should().Contain(says);
    }

    [Fact]
    public void The_output_of_a_later_step_cannot_be_read()
    {
        var problem = Problem(WithStep("input: { a: $.steps.later.output.id }") + "  - { name: later, participant: payment }\n");

        problem.Should().Match<DefinitionProblem>(p => p.Line == 9 && p.Path == "steps[0].input.a");
        problem.Message.Should().Contain("comes later");
    }

    [Fact]
    public void The_outputs_of_earlier_steps_can_be_read() =>
        Definition(Minimal + "  - { name: next, participant: payment, input: $.steps.reserve-stock.output.id }\noutput: $.steps.next.output\n")
            .Steps[1].Input.ReadsStepsOf.Should().Equal("reserve-stock");

    [Theory]
    [InlineData("{}", "neither")]
    [InlineData("{ url: \"http://h\", app: a }", "both")]
    [InlineData("{ url: \"ftp://h\" }", "http")]
    [InlineData("{ url: \"h:80\" }", "http")]
    [InlineData("{ url: \"/relative\" }", "http")]
    [InlineData("{ url: \"http://\" }", "cannot be read")]
    [InlineData("{ url: \"http://h:99999\" }", "cannot be read")]
    [InlineData("{ url: \"http://h/?a=1\" }", "query")]
    [InlineData("{ url: \"http://h/?\" }", "query")]
    [InlineData("{ url: \"http://h/#a\" }", "fragment")]
    [InlineData("{ url: \"http://me:hunter2@h/\" }", "user information")]
    [InlineData("{ url: \"http://h/ x\" }", "blank")]
    [InlineData("{ url: 80 }", "found the number 80")]
    [InlineData("{ app: a, via: kafka }", "Expected pubsub")]
    [InlineData("{ app: a, vis: pubsub }", "Did you mean \"via\"?")]
    [InlineData("\"http://h\"", "Expected an object")]
    public void A_wrong_participant_is_a_problem(string participant, string says)
    {
        var problem = Problem(Minimal.Replace("{ app: payment, via: pubsub }", participant, StringComparison.Ordinal));

        problem.Line.Should().Be(5);
        problem.Path.Should().StartWith("participants.payment");
        problem.Message.Should().Contain(says).And.NotContain("hunter2");
    }

    [Theory]
    [InlineData("https://shop.example/base/")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://h/a@b")]
    public void Absolute_addresses_are_accepted(string url) =>
        Definition(Minimal.Replace("{ app: payment, via: pubsub }", $"{{ url: \"{url}\" }}", StringComparison.Ordinal))
            .Participants[1].Url.Should().Be(new Uri(url));

    [Theory]
    [InlineData("steps: 5", "Expected a list of steps, found the number 5")]
    [InlineData("steps: { a: 1 }", "Expected a list of steps, found an object")]
    [InlineData("steps: [ 5 ]", "Expected an object such as")]
    [InlineData("steps: [ [] ]", "found a list")]
    [InlineData("steps:", "found nothing")]
    public void Steps_of_a_wrong_type_are_a_problem(string steps, string says)
    {
        var problem = Problem(Head + steps);

        problem.Line.Should().Be(6);
        problem.Message.Should().Contain(says);
    }

    [Fact]
    public void Participants_of_a_wrong_type_are_a_problem() =>
        Problem("name: a\ndeadline: 10m\nparticipants: [inventory]\n" + OneStep).Should().Match<DefinitionProblem>(
            p => p.Line == 3 && p.Message.Contains("found a list"));

    [Theory]
    [InlineData("5", "found the number 5")]
    [InlineData("[]", "found a list")]
    [InlineData("hello", "found the text \"hello\"")]
    public void A_file_that_is_no_object_is_a_problem(string text, string says) =>
        Problem(text).Message.Should().Contain(says);

    [Fact]
    public void At_most_a_hundred_problems_are_reported() =>
        Read("{" + string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"x{i}\":1")) + "}").Problems.Should().HaveCount(100);
}
