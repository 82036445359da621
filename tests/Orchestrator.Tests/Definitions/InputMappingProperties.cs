using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Tests.Definitions;

public sealed class InputMappingProperties
{
    private static readonly string[] Names = ["a", "b", "a-b", "ä", "it's", "\"", "\\", "", "0", "a\nb", "\ud83d\ude00", "[0]", "$"];

    [Fact]
    public void Every_value_is_found_by_its_normalized_path_as_JsonElement_finds_it() =>
        Prop.ForAll(Arb.From(Json(4)), json =>
        {
            using var document = JsonDocument.Parse(json);
            var places = new List<(string Path, string Raw)>();
            Walk(document.RootElement, "$['input']", places);
            var source = MappingSource.WithInput(json);
            foreach (var (path, raw) in places) Map(path, source).Should().Be(new Mapped(JsonData.FromText(raw), null));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void One_mapping_of_all_paths_finds_what_each_finds_alone() =>
        Prop.ForAll(Arb.From(Json(4)), json =>
        {
            using var document = JsonDocument.Parse(json);
            var places = new List<(string Path, string Raw)>();
            Walk(document.RootElement, "$['input']", places);
            var written = JsonSerializer.SerializeToUtf8Bytes(places.Select(place => place.Path).Take(200));
            var mapped = InputMapping.Compile(new JsonData(written)).Mapping!.Map(MappingSource.WithInput(json));
            mapped.Gap.Should().BeNull();
            mapped.Data.ToString().Should().Be($"[{string.Join(',', places.Select(place => place.Raw).Take(200))}]");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Any_text_either_compiles_or_is_a_problem() =>
        Prop.ForAll(
            Arb.From(Gen.ArrayOf(Gen.Elements(
                "$", ".", "[", "]", "'", "\"", "\\", "a", "0", "-", " ", "u", "input", "*", "d8"))),
            parts =>
        {
            var text = "$" + string.Concat(parts);
            var compiled = InputMapping.Compile(new JsonData(JsonSerializer.SerializeToUtf8Bytes(text)));
            (compiled.Mapping is null).Should().Be(compiled.Problems.Length == 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void A_value_without_queries_means_itself() =>
        Prop.ForAll(Arb.From(Json(4)), json =>
        {
            var escaped = json.Replace("\"$\"", "\"$$\"", StringComparison.Ordinal);
            var mapping = InputMapping.Compile(JsonData.FromText(escaped)).Mapping;
            if (mapping is null) return;
            using var expected = JsonDocument.Parse(json);
            using var actual = JsonDocument.Parse(mapping.Map(new MappingSource()).Data.Utf8);
            Normal(actual.RootElement).Should().Be(Normal(expected.RootElement));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static string Normal(JsonElement element) =>
        JsonSerializer.Serialize(element).Replace("$$", "$", StringComparison.Ordinal);

    private static Mapped Map(string path, MappingSource source) =>
        InputMapping.Compile(new JsonData(JsonSerializer.SerializeToUtf8Bytes(path))).Mapping!.Map(source);

    private static void Walk(JsonElement element, string path, List<(string Path, string Raw)> places)
    {
        places.Add((path, element.GetRawText()));
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in element.EnumerateObject().Select(property => property.Name).Distinct())
                Walk(element.GetProperty(name), $"{path}[{Normalized(name)}]", places);
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            for (var i = 0; i < element.GetArrayLength(); i++)
            {
                Walk(element[i], $"{path}[{i}]", places);
                if (i == element.GetArrayLength() - 1) Walk(element[i], $"{path}[-1]", places);
            }
        }
    }

    /// <summary>RFC 9535 section 2.7.</summary>
    private static string Normalized(string name)
    {
        var quoted = new StringBuilder("'");
        foreach (var c in name)
        {
            quoted.Append(c switch
            {
                '\'' => "\\'",
                '\\' => "\\\\",
                '\n' => "\\n",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('\'').ToString();
    }

    /// <summary>JSON texts, with blanks, escapes and names that occur twice.</summary>
    private static Gen<string> Json(int depth)
    {
        var scalar = Gen.Elements("null", "true", "false", "0", "-1.50", "1e400", "123456789012345678901", "\"\"", "\"x\"", "\"$\"", "\"\\u00e4\\\"\"");
        if (depth == 0) return scalar;
        var inner = Json(depth - 1);
        var list = Gen.ArrayOf(inner, 3).Select(items => $"[{string.Join(" , ", items)}]");
        var name = Gen.Elements(Names).Select(text => JsonSerializer.Serialize(text));
        var property = name.SelectMany(text => inner.Select(value => $"{text}: {value}"));
        var obj = Gen.Choose(0, 4).SelectMany(count => Gen.ArrayOf(property, count)).Select(items => $"{{{string.Join(',', items)}}}");
        return Gen.OneOf(scalar, list, obj, Gen.Constant("[]"));
    }
}
