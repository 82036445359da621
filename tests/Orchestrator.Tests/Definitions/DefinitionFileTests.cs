using Orchestrator.Core.Definitions;
using Orchestrator.Engine.DefinitionFiles;
using static Orchestrator.Tests.Definitions.DefinitionSample;

namespace Orchestrator.Tests.Definitions;

public sealed class DefinitionFileTests
{
    private const string ApiExample = """
        name: place-order
        deadline: 10m            # from the start; maxDeadline: 1h
        guard: 2s                # confirming starts no later than this before the expiry
        retry: { first: 200ms, factor: 2, longest: 30s, attempts: 10, timeout: 5s }   # attempts: then "stuck"
        participants:
          inventory: { url: "http://127.0.0.1:5102" }     # or { app: inventory } (Dapr service invocation)
          payment:   { app: payment, via: pubsub }        # commands as events through the broker
        steps:
          - name: reserve-stock
            participant: inventory
            input: { sku: $.input.sku, quantity: $.input.quantity }     # a string that starts with "$" is a query
          - name: charge                                                # (names, also with "-", and indexes)
            participant: payment
            input: { amount: $.input.total, reservation: $.steps.reserve-stock.output.id }
            # action: reserve (default: the step's name); kind: compensatable (default) | pivot | retriable;
            # confirm: none for a plain HTTP service; do:/undo:/confirm: other paths
        output: { reservation: $.steps.reserve-stock.output.id }
        """;

    private const string TenMistakesInYaml = """
        name: place order
        deadline: 10m
        guard: 10m
        retry: { attempts: many }
        participants:
          inventory: { }
          payment: { url: "http://h", vai: pubsub }
        steps:
          - name: reserve-stock
            participant: inventroy
            input:
              sku: $.input.sku
              total: $.inptu.total
          - name: dispatch
            participant: payment
            kind: retriable
            undo: /undo
          - name: charge
            participant: payment
            input: { parcel: $.steps.notify.output }
        """;

    private const string TenMistakesInJson = """
        {
          "name": "place order",
          "deadline": "10m", "guard": "10m",
          "retry": { "attempts": "many" },
          "participants": {
            "inventory": { },
            "payment": {
              "url": "http://h", "vai": "pubsub" } },
          "steps": [
            { "name": "reserve-stock",
              "participant": "inventroy",
              "input": {
                "sku": "$.input.sku",
                "total": "$.inptu.total" } },
            { "name": "dispatch", "participant": "payment",
              "kind": "retriable",
              "undo": "/undo" },
            { "name": "charge", "participant": "payment", "input": {
              "parcel": "$.steps.notify.output" } } ]
        }
        """;

    [Fact]
    public void The_example_of_the_api_reads_without_a_problem()
    {
        var definition = Definition(ApiExample);

        definition.Steps.Select(step => step.Name).Should().Equal("reserve-stock", "charge");
        definition.Steps[1].Input.ReadsStepsOf.Should().Equal("reserve-stock");
        definition.Participants[1].Should().Be(new ParticipantDefinition("payment", null, "payment", true));
        definition.Output!.ReadsStepsOf.Should().Equal("reserve-stock");
    }

    [Fact]
    public void Ten_mistakes_in_yaml_are_ten_problems_with_their_lines() =>
        Places(TenMistakesInYaml).Should().Equal(
            "1 name", "3 guard", "4 retry.attempts", "6 participants.inventory", "7 participants.payment.vai",
            "10 steps[0].participant", "13 steps[0].input.total", "17 steps[1].undo", "18 steps[2]", "20 steps[2].input.parcel");

    [Fact]
    public void Ten_mistakes_in_json_are_ten_problems_with_their_lines() =>
        Places(TenMistakesInJson).Should().Equal(
            "2 name", "3 guard", "4 retry.attempts", "6 participants.inventory", "8 participants.payment.vai",
            "11 steps[0].participant", "14 steps[0].input.total", "17 steps[1].undo", "18 steps[2]", "19 steps[2].input.parcel");

    [Fact]
    public void The_same_definition_in_yaml_and_json_is_the_same()
    {
        var json = """
            {"$schema":"https://example.org/definition.schema.json","output":{"reservation":"$.steps.reserve-stock.output.id"},
             "steps":[{"participant":"inventory","name":"reserve-stock","input":{"sku":"$.input.sku","quantity":"$.input.quantity"}},
                      {"name":"charge","kind":"compensatable","participant":"payment",
                       "input":{"amount":"$.input.total","reservation":"$.steps.reserve-stock.output.id"}}],
             "participants":{"payment":{"via":"pubsub","app":"payment"},"inventory":{"url":"HTTP://127.0.0.1:5102/"}},
             "deadline":"PT10M","name":"place-order"}
            """;

        DefinitionJson.Write(Definition(json)).Should().Be(DefinitionJson.Write(Definition(ApiExample)));
    }

    [Theory]
    [InlineData(ApiExample)]
    [InlineData(Minimal)]
    [InlineData(Minimal + "  - { name: b, participant: payment, confirm: none, do: /b, undo: /c, input: }\n  - { name: p, participant: payment, kind: pivot, input: '$$5' }\n  - { name: r, participant: payment, kind: retriable, retry: { factor: 1.5, longest: 1h30m }, input: [1.0, ä, \"\\u0001<\", { $: $.saga.tags }] }\noutput: null\n")]
    public void The_canonical_form_reads_as_the_definition_it_was_written_from(string text)
    {
        var first = DefinitionJson.Write(Definition(text));
        var read = DefinitionFile.Read(first.Utf8.Span, DefinitionFormat.Json);

        read.Problems.Should().BeEmpty();
        DefinitionJson.Write(read.Definition!).Should().Be(first);
        read.Definition!.Steps.Should().Equal(Definition(text).Steps);
        read.Definition.Output.Should().Be(Definition(text).Output);
    }

    [Fact]
    public void The_canonical_form_writes_every_default_out() =>
        DefinitionJson.Write(Definition(Minimal)).ToString().Should().Be(
            """{"name":"place-order","deadline":"10m","maxDeadline":"1h","guard":"2s","participants":{"inventory":{"url":"http://127.0.0.1:5102/"},"payment":{"app":"payment","via":"pubsub"}},"steps":[{"name":"reserve-stock","participant":"inventory","action":"reserve-stock","do":"/saga/reserve-stock/do","confirm":"/saga/reserve-stock/confirm","undo":"/saga/reserve-stock/undo","retry":{"first":"200ms","factor":2,"longest":"30s","attempts":10,"timeout":"5s"}}]}""");

    [Theory]
    [InlineData("input: { a: 1 }", "input: { a: 2 }")]
    [InlineData("input: { a: 1 }", "input: { a: '1' }")]
    [InlineData("input: { a: 1, b: 2 }", "input: { b: 2, a: 1 }")]
    [InlineData("input: null", "action: reserve-stock")]
    [InlineData("kind: pivot", "kind: retriable")]
    [InlineData("do: /a", "undo: /a")]
    public void Definitions_that_differ_in_what_is_sent_differ(string one, string other) =>
        DefinitionJson.Write(Definition(WithStep(one)))
            .Should().NotBe(DefinitionJson.Write(Definition(WithStep(other))));

    [Theory]
    [InlineData("1", "1")]
    [InlineData("-1.50", "-1.50")]
    [InlineData("+7", "7")]
    [InlineData("007", "7")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("-.5e+3", "-0.5e+3")]
    [InlineData("0x1F", "31")]
    [InlineData("0o17", "15")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("'1'", "\"1\"")]
    [InlineData("\"true\"", "\"true\"")]
    [InlineData("true", "true")]
    [InlineData("False", "false")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("Null", "null")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("no", "\"no\"")]
    [InlineData("0x", "\"0x\"")]
    [InlineData("0o8", "\"0o8\"")]
    [InlineData("1e", "\"1e\"")]
    [InlineData("1e+", "\"1e+\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("2024-01-01", "\"2024-01-01\"")]
    [InlineData("12:30", "\"12:30\"")]
    [InlineData(".", "\".\"")]
    public void Yaml_scalars_mean_what_the_core_schema_says(string scalar, string json)
    {
        Definition(WithStep($"input: {scalar}")).Steps[0].Input.Written.ToString().Should().Be(json);
    }

    [Theory]
    [InlineData(".inf")]
    [InlineData("-.Inf")]
    [InlineData(".NaN")]
    public void Numbers_that_json_cannot_write_are_a_problem(string scalar) =>
        Problem(WithStep($"input: {scalar}")).Should().Match<DefinitionProblem>(p => p.Line == 9 && p.Message.Contains("Quotes"));

    [Fact]
    public void Block_texts_are_texts() =>
        Definition(WithStep("input: |\n  1\n  2")).Steps[0].Input.Written.ToString().Should().Be("\"1\\n2\\n\"");

    [Fact]
    public void A_name_that_is_written_twice_is_a_problem_among_the_others()
    {
        Places(Minimal + "deadline: 5m\nguard: x\n").Should().Equal("9 deadline", "10 guard");
        Places("{\n\"name\":\"a\",\n\"name\":\"b\",\"deadline\":\"1m\",\"guard\":\"\",\"participants\":{\"p\":{\"url\":\"http://h\",\n\"url\":\"http://i\"}},\"steps\":[{\"name\":\"s\",\"participant\":\"p\"}]}")
            .Should().Equal("3 name", "3 guard", "4 participants.p.url");
    }

    private static string[] Places(string text)
    {
        var read = Read(text);
        read.Definition.Should().BeNull();
        return [.. read.Problems.Select(problem => $"{problem.Line} {problem.Path}")];
    }
}
