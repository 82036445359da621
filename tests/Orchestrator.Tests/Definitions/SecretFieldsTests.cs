using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Tests.Definitions;

/// <summary>What is secret is followed through the mappings.</summary>
public sealed class SecretFieldsTests
{
    private const string Card = """{"card":{"number":"4111","holder":"ann"},"amount":12345678901234567890.10,"items":[{"pin":1,"sku":"a"},{"pin":2}]}""";

    [Theory]
    [InlineData("$.input.card", """{"card":"***","amount":12345678901234567890.10,"items":[{"pin":1,"sku":"a"},{"pin":2}]}""")]
    [InlineData("$.input.card.number", """{"card":{"number":"***","holder":"ann"},"amount":12345678901234567890.10,"items":[{"pin":1,"sku":"a"},{"pin":2}]}""")]
    [InlineData("$.input.items[0].pin", """{"card":{"number":"4111","holder":"ann"},"amount":12345678901234567890.10,"items":[{"pin":"***","sku":"a"},{"pin":"***"}]}""")]
    [InlineData("$.input.nothing", Card)]
    [InlineData("$.input", "\"***\"")]
    public void The_input_is_covered_where_it_is_marked_and_else_stays_byte_for_byte(string secret, string covered) =>
        Of("$.input", secret).OfInput(Json(Card)).ToString().Should().Be(covered);

    [Theory]
    [InlineData("$.input", """{"card":"4111","n":1}""", """{"card":"***","n":1}""")]
    [InlineData("{ \"pan\": \"$.input.card\", \"n\": \"$.input.n\" }", """{"pan":"4111","n":1}""", """{"pan":"***","n":1}""")]
    [InlineData("{ \"part\": \"$.input.card.number\" }", """{"part":"4111"}""", """{"part":"***"}""")]
    [InlineData("{ \"all\": \"$.input\", \"x\": 1 }", """{"all":{"card":{"a":1},"n":2},"x":1}""", """{"all":{"card":"***","n":2},"x":1}""")]
    [InlineData("[ \"$.input.n\", \"$.input.card\" ]", "[1,\"4111\"]", "\"***\"")]
    [InlineData("{ \"n\": \"$.input.n\" }", """{"n":1}""", """{"n":1}""")]
    public void What_a_mapping_reads_of_it_is_covered_where_the_mapping_puts_it(
        string mapping, string sent, string covered) =>
        Of(mapping, "$.input.card").OfData("charge", Json(sent)).ToString().Should().Be(covered);

    [Fact]
    public void What_a_step_answers_is_covered_there_in_later_steps_and_in_the_sagas_output()
    {
        var fields = Of("{}", "$.steps.charge.output.token");

        fields.OfOutput("charge", Json("""{"token":"t","receipt":1}""")).ToString().Should().Be("""{"token":"***","receipt":1}""");
        fields.OfData("send", Json("""{"t":"t","r":1}""")).ToString().Should().Be("""{"t":"***","r":1}""");
        fields.OfSagaOutput(Json("""{"of":{"token":"t","receipt":1}}""")).ToString().Should().Be("""{"of":{"token":"***","receipt":1}}""");
        fields.OfOutput("send", Json("""{"token":"t"}""")).ToString().Should().Be("""{"token":"t"}""");
        fields.OfEdit("send", Json("1")).ToString().Should().Be("\"***\"");
        fields.OfEdit("charge", Json("1")).ToString().Should().Be("1");
        fields.OfOutput("nobody", Json("1")).ToString().Should().Be("\"***\"");
    }

    [Theory]
    [InlineData("""{"card":1,"card":2}""", """{"card":"***","card":"***"}""")]
    [InlineData("""{"c\u0061rd":1}""", """{"card":"***"}""")]
    [InlineData("""{"card":null}""", """{"card":null}""")]
    [InlineData("""{"card":1,"\ud800":2}""", "\"***\"")]
    [InlineData("5", "5")]
    public void Odd_payloads_hide_nothing_less(string input, string covered) =>
        Of("{}", "$.input.card").OfInput(Json(input)).ToString().Should().Be(covered);

    private static JsonData Json(string text) => JsonData.FromText(text);

    private static SecretFields Of(string mapping, string secret)
    {
        var definition = DefinitionSample.Definition($$"""
            {
              "name": "pay", "deadline": "10m", "participants": { "bank": { "url": "http://127.0.0.1:1" } },
              "steps": [
                { "name": "charge", "participant": "bank", "input": {{(mapping.StartsWith('$') ? $"\"{mapping}\"" : mapping)}} },
                { "name": "send", "participant": "bank", "input": { "t": "$.steps.charge.output.token", "r": "$.steps.charge.output.receipt" } }
              ],
              "output": { "of": "$.steps.charge.output" },
              "secret": [ "{{secret}}" ]
            }
            """);
        return SecretFields.Of(definition);
    }
}
