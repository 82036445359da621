using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.DefinitionFiles;
using static Orchestrator.Tests.Definitions.DefinitionSample;

namespace Orchestrator.Tests.Definitions;

public sealed class DefinitionSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(DefinitionSchema.Utf8).RootElement;

    [Fact]
    public void The_schema_names_exactly_the_properties_that_are_read()
    {
        Names(Schema).Should().BeEquivalentTo(DefinitionProperties.Definition);
        Names(Part("step")).Should().BeEquivalentTo(DefinitionProperties.Step);
        Names(Part("participant")).Should().BeEquivalentTo(DefinitionProperties.Participant);
        Names(Part("retry")).Should().BeEquivalentTo(DefinitionProperties.Retry);
    }

    [Theory]
    [InlineData("step")]
    [InlineData("participant")]
    [InlineData("retry")]
    public void The_schema_refuses_unknown_properties_as_the_reader_does(string part)
    {
        Schema.GetProperty("additionalProperties").GetBoolean().Should().BeFalse();
        Part(part).GetProperty("additionalProperties").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public void The_schema_requires_what_the_reader_requires()
    {
        Required(Schema).Should().BeEquivalentTo(MissingFrom("{}"));
        Required(Part("step")).Should().BeEquivalentTo(MissingFrom(Head + "steps: [ {} ]"));

        static IEnumerable<string> MissingFrom(string text) =>
            Read(text).Problems.Select(problem => problem.Message.Split('"')[1]);
    }

    [Fact]
    public void The_schema_has_the_limits_and_defaults_of_the_reader()
    {
        var name = Part("name");
        name.GetProperty("maxLength").GetInt32().Should().Be(DefinitionLimits.NameLength);
        Part("path").GetProperty("maxLength").GetInt32().Should().Be(DefinitionLimits.UrlLength);
        Property(Schema, "steps").GetProperty("maxItems").GetInt32().Should().Be(DefinitionLimits.Steps);
        Property(Schema, "participants").GetProperty("maxProperties").GetInt32().Should().Be(DefinitionLimits.Participants);
        Property(Part("retry"), "factor").GetProperty("maximum").GetInt32().Should().Be(DefinitionLimits.RetryFactor);
        Property(Part("retry"), "attempts").GetProperty("maximum").GetInt32().Should().Be(DefinitionLimits.RetryAttempts);

        var definition = Definition(Minimal);
        var retry = definition.Steps[0].Retry;
        Default(Schema, "guard").Should().Be(Durations.Write(definition.Guard));
        Default(Part("retry"), "first").Should().Be(Durations.Write(retry.First));
        Default(Part("retry"), "longest").Should().Be(Durations.Write(retry.Longest));
        Default(Part("retry"), "timeout").Should().Be(Durations.Write(retry.Timeout));
        Default(Part("retry"), "factor").Should().Be("2");
        Default(Part("retry"), "attempts").Should().Be("10");
    }

    [Fact]
    public void Every_reference_of_the_schema_leads_somewhere() =>
        References(Schema).Distinct().Should().BeSubsetOf(
            Schema.GetProperty("$defs").EnumerateObject().Select(part => $"#/$defs/{part.Name}"));

    [Theory]
    [InlineData("name", "a", "Place.order_1-2", "", "..", "a b", "a/b", "a~2", "ä")]
    [InlineData("path", "/a", "/saga/x/do", "a", "//a", "/a?b", "/a#b", "/a b", "/a\\b")]
    public void The_schemas_patterns_agree_with_the_reader(string part, params string[] texts)
    {
        var pattern = Pattern(part);
        foreach (var text in texts)
        {
            var property = part == "name" ? "action" : "do";
            var accepted = Read(WithStep($"{property}: {JsonSerializer.Serialize(text)}")).Problems.Count == 0;
            pattern.IsMatch(text).Should().Be(accepted, text);
        }
    }

    [Theory]
    [InlineData("10m")]
    [InlineData("200ms")]
    [InlineData("1d2h3m4s5ms")]
    [InlineData("PT10M")]
    [InlineData("P1DT2H")]
    [InlineData("PT0.5S")]
    [InlineData("P2D")]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("10")]
    [InlineData("1.5h")]
    [InlineData("1m1h")]
    [InlineData("P1Y")]
    [InlineData("1 m")]
    public void The_schemas_durations_are_the_readers(string text) =>
        Pattern("duration").IsMatch(text).Should().Be(Durations.TryRead(text, out _));

    private static Regex Pattern(string part) =>
        new(Part(part).GetProperty("pattern").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1));

    private static JsonElement Part(string name) => Schema.GetProperty("$defs").GetProperty(name);

    private static JsonElement Property(JsonElement part, string name) => part.GetProperty("properties").GetProperty(name);

    private static string Default(JsonElement part, string name) => Property(part, name).GetProperty("default").ToString();

    private static IEnumerable<string> Names(JsonElement part) =>
        part.GetProperty("properties").EnumerateObject().Select(property => property.Name);

    private static IEnumerable<string> Required(JsonElement part) =>
        part.GetProperty("required").EnumerateArray().Select(name => name.GetString()!);

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "$ref" ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
