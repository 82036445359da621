using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Tests.Definitions;

/// <summary>What a mapping may make at most.</summary>
public sealed class InputMappingBoundsTests
{
    [Fact]
    public void Nesting_of_the_data_costs_no_stack()
    {
        var deep = new string('[', 200_000) + new string(']', 200_000);

        var source = MappingSource.WithInput($$"""{"b":1,"a":{{deep}}}""");

        Map("\"$.input.a\"", source).Data.Utf8.Length.Should().Be(deep.Length);
        Map("""["$.input.a","$.input.b"]""", source).Data.ToString().Should().Be("[null,1]");
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void What_nests_deeper_than_64_levels_inside_its_place_is_null_and_named(string open, string close)
    {
        const string written = """{"x":["$.input.it"],"y":2}""";
        var room = DefinitionLimits.Depth - 2;

        var fits = Map(written, MappingSource.WithInput($$"""{"it":{{Nested(room)}}}"""));
        var tooDeep = Map(written, MappingSource.WithInput($$"""{"it":{{Nested(room + 1)}}}"""));

        fits.Should().Be(new Mapped(JsonData.FromText($$"""{"x":[{{Nested(room)}}],"y":2}"""), null));
        JsonDocument.Parse(fits.Data.Utf8).Dispose();
        tooDeep.Data.ToString().Should().Be("""{"x":[null],"y":2}""");
        tooDeep.Gap.Should().Be(new MappingGap("$.input.it", GapCause.TooDeep));

        string Nested(int times) =>
            string.Concat(Enumerable.Repeat(open, times)) + "1" + string.Concat(Enumerable.Repeat(close, times));
    }

    [Fact]
    public void Brackets_in_a_text_are_no_levels()
    {
        var text = $"\"{new string('[', 1000)}\"";

        Map("""["$.input","$.input.t"]""", MappingSource.WithInput($$"""{"t":{{text}}}"""))
            .Should().Be(new Mapped(JsonData.FromText($$"""[{"t":{{text}}},{{text}}]"""), null));
    }

    [Fact]
    public void What_would_make_the_value_too_large_is_null_and_named()
    {
        var source = MappingSource.WithInput($"\"{new string('x', DefinitionLimits.MappedBytes / 2)}\"");

        var mapped = Map("""["$.input","$.input",1]""", source);

        mapped.Gap.Should().Be(new MappingGap("$.input", GapCause.TooLarge));
        mapped.Data.Utf8.Length.Should().BeLessThan(DefinitionLimits.MappedBytes);
        mapped.Data.ToString().Should().EndWith("\",null,1]");
    }

    private static Mapped Map(string written, IMappingSource source)
    {
        var compiled = InputMapping.Compile(JsonData.FromText(written));
        compiled.Problems.Should().BeEmpty();
        return compiled.Mapping!.Map(source);
    }
}
