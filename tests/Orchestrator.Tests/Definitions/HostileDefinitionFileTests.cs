using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.DefinitionFiles;
using static Orchestrator.Tests.Definitions.DefinitionSample;

namespace Orchestrator.Tests.Definitions;

public sealed class HostileDefinitionFileTests
{
    private const int Mebibyte = 1024 * 1024;

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("  \n# nothing\n", 1, "empty")]
    [InlineData("name: a\n\tdeadline: 10m\n", 2, "tab")]
    [InlineData("name: a\nx: [1\n", 3, "not YAML")]
    [InlineData("name: a\nx: \"abc\n", 2, "not YAML")]
    [InlineData("name: a\n  b: c\n", 2, "not YAML")]
    [InlineData("name: a\nx: }\n", 2, "not YAML")]
    [InlineData("name: a\nx: @b\n", 2, "not YAML")]
    [InlineData("name: a\n%\n", 2, "not YAML")]
    [InlineData("name: a\n---\nname: b\n", 2, "more than one document")]
    [InlineData("name: a\n...\n---\nname: b\n", 3, "more than one document")]
    [InlineData("name: a\nx: &one 1\n", 2, "Anchors")]
    [InlineData("name: a\nx: &one [1]\n", 2, "Anchors")]
    [InlineData("name: a\nx: *one\n", 2, "Aliases")]
    [InlineData("name: a\nx: !!str 5\n", 2, "Tags")]
    [InlineData("name: a\nx: !thing { a: 1 }\n", 2, "Tags")]
    [InlineData("name: a\n? [b]\n: c\n", 2, "has to be a text")]
    [InlineData("name: a\nb\0: c\n", 2, "control character 0x00")]
    [InlineData("name: a\nb: \u0001\n", 2, "control character 0x01")]
    [InlineData("{\n\"name\": a }", 2, "not JSON")]
    [InlineData("{\"name\": \"a\",\n}", 2, "not JSON")]
    [InlineData("{\"name\": \"a\"}\n{}", 2, "not JSON")]
    [InlineData("{\n// comment\n}", 2, "not JSON")]
    [InlineData("{\n\"name\": \"\\ud800\"}", 2, "surrogate")]
    [InlineData("{\n\"\\ud800\": 1}", 2, "surrogate")]
    [InlineData("{\n'name': 1}", 2, "not JSON")]
    [InlineData("{\"a\": 01}", 1, "not JSON")]
    [InlineData("{\"a\": NaN}", 1, "not JSON")]
    [InlineData("{", 1, "not JSON")]
    public void An_unreadable_text_is_one_problem_with_its_line(string text, int line, string says)
    {
        var problem = Problem(text);

        problem.Message.Should().Contain(says).And.NotContain("BytePosition").And.NotContain("Exception");
        problem.Line.Should().Be(line);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_one_problem_with_its_line()
    {
        Bytes([.. "name: a\nx: "u8, 0xFF, (byte)'\n'])
            .Should().Match<DefinitionProblem>(p => p.Line == 2 && p.Message.Contains("UTF-8"));
        Bytes([.. "name: a\nx: "u8, 0xC3]).Line.Should().Be(2);
        Bytes(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("name: a")).ToArray())
            .Message.Should().Contain("UTF-8");

        static DefinitionProblem Bytes(byte[] bytes) =>
            DefinitionFile.Read(bytes).Problems.Should().ContainSingle().Subject;
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() =>
        DefinitionFile.Read(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(Minimal)).ToArray())
            .Problems.Should().BeEmpty();

    [Fact]
    public void A_file_is_read_as_json_when_its_format_says_so() =>
        DefinitionFile.Read("name: a"u8, DefinitionFormat.Json).Problems.Single().Message.Should().StartWith("This is not JSON");

    [Fact]
    public void A_file_that_says_nothing_is_read_as_json_when_it_begins_like_json() =>
        Problem("{name: a}").Message.Should().StartWith("This is not JSON");

    [Fact]
    public void A_flow_mapping_is_yaml_when_its_format_says_so()
    {
        const string flow = """
            { name: a, deadline: 1m, # a comment, and a comma after the last
              participants: { p: { url: "http://h" } },
              steps: [ { name: s, participant: p, }, ], }
            """;

        Read(flow, DefinitionFormat.Yaml).Problems.Should().BeEmpty();
        Read(flow, DefinitionFormat.Json).Problems.Single().Message.Should().StartWith("This is not JSON");
    }

    [Fact]
    public void Json_means_the_same_when_it_is_read_as_yaml()
    {
        const string json = """
            {"name":"a","deadline":"1m",
            	"participants":{"p":{"url":"http:\/\/h"}},
             "steps":[{"name":"s","participant":"p","input":{"t":"\u00e4\n\"","n":-1.50e+3,"b":true,"o":null,"e":[],"q":"$.input.a"}}]}
            """;

        var read = Read(json, DefinitionFormat.Yaml);

        read.Problems.Should().BeEmpty();
        DefinitionJson.Write(read.Definition!).Should()
            .Be(DefinitionJson.Write(Read(json, DefinitionFormat.Json).Definition!));
    }

    [Fact]
    public void A_file_of_more_than_a_mebibyte_is_refused() =>
        Problem(Minimal + "#" + new string('x', Mebibyte)).Message.Should().Contain("larger than 1048576 bytes");

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("{\"a\":[", "]}")]
    public void Nesting_is_accepted_to_64_levels_and_refused_beyond(string open, string close)
    {
        // The definition, the list of steps and the step are three levels, in YAML as in JSON.
        var levels = open.Contains('[', StringComparison.Ordinal) && open.Contains('{', StringComparison.Ordinal)
            ? 2
            : 1;
        var fitting = 61 / levels;
        var yaml = WithStep($"input: {Nested(fitting)}");
        var json = """{"name":"a","deadline":"1m","participants":{"p":{"url":"http://h"}},"steps":[{"name":"s","participant":"p","input":"""
            + Nested(fitting) + "}]}";
        Read(yaml).Problems.Should().BeEmpty();
        Read(json).Problems.Should().BeEmpty();
        Problem(yaml.Replace(Nested(fitting), Nested(fitting + 1), StringComparison.Ordinal))
            .Message.Should().Contain("deeper than 64");
        Problem(json.Replace(Nested(fitting), Nested(fitting + 1), StringComparison.Ordinal))
            .Message.Should().Contain("deeper than 64");

        string Nested(int times) =>
            string.Concat(Enumerable.Repeat(open, times)) + "1" + string.Concat(Enumerable.Repeat(close, times));
    }

    public static TheoryData<string, string> Huge => new()
    {
        { "brackets", new string('[', Mebibyte) },
        { "brackets in json", "{\"a\":" + new string('[', Mebibyte - 10) },
        { "braces", "- " + new string('{', Mebibyte - 10) },
        { "dashes", string.Concat(Enumerable.Repeat("- ", Mebibyte / 2)) },
        { "questions", string.Concat(Enumerable.Repeat("? ", Mebibyte / 2)) },
        { "colons", string.Concat(Enumerable.Repeat(": ", Mebibyte / 2)) },
        { "keys", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"k{i}: 1\n")) },
        { "keys in json", "{" + string.Join(',', Enumerable.Range(0, 80_000).Select(i => $"\"k{i}\":1")) + "}" },
        { "the same key", string.Concat(Enumerable.Repeat("k: 1\n", 200_000)) },
        { "flow keys", "a: {" + string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"k{i}: 1")) + "}" },
        { "anchors", string.Concat(Enumerable.Range(0, 50_000).Select(i => $"k{i}: &a{i} 1\n")) },
        { "one plain line", "a: " + new string('x', Mebibyte - 10) },
        { "one plain text of many lines", "a: " + string.Concat(Enumerable.Repeat("x\n ", Mebibyte / 3 - 10)) },
        { "one quoted line", "a: \"" + new string('x', Mebibyte - 10) + "\"" },
        { "one escaped line", "a: \"" + string.Concat(Enumerable.Repeat("\\n", Mebibyte / 2 - 10)) + "\"" },
        { "an open quote", "a: \"" + new string('\n', Mebibyte - 10) },
        { "an open block", "a: |\n" + string.Concat(Enumerable.Repeat(" x\n", Mebibyte / 3 - 10)) },
        { "blanks", new string(' ', Mebibyte) },
        { "lines", new string('\n', Mebibyte) },
        { "comments", string.Concat(Enumerable.Repeat("#\n", Mebibyte / 2)) },
        { "problems below a long name", "{\"steps\":[{\"input\":{\"" + new string('x', Mebibyte / 2) + "\":["
            + string.Join(',', Enumerable.Repeat("\"$\"", 9000)) + "]}}]}" },
        { "repeated names below a long name", "{\"" + new string('x', Mebibyte / 2) + "\":{"
            + string.Join(',', Enumerable.Repeat("\"a\":1", 9000)) + "}}" },
        { "queries of steps that are not there", "{\"name\":\"a\",\"deadline\":\"1m\","
            + "\"participants\":{\"p\":{\"url\":\"http://x\"}},\"steps\":["
            + string.Join(',', Enumerable.Range(0, 100).Select(i =>
                $"{{\"name\":\"{i:D3}{new string('a', 61)}\",\"participant\":\"p\",\"input\":["
                + string.Join(',', Enumerable.Repeat($"\"$.steps.{new string('b', 70)}.output\"", 90)) + "]}")) + "]}" },
        { "documents", string.Concat(Enumerable.Repeat("---\n", Mebibyte / 4)) },
        { "directives", string.Concat(Enumerable.Repeat("%a b\n", Mebibyte / 5)) },
        { "digits", "a: " + new string('9', Mebibyte - 10) },
        { "hexadecimal digits", "a: 0x" + new string('f', Mebibyte - 10) },
        { "growing indentation", string.Concat(Enumerable.Range(0, 1400).Select(i => new string(' ', i) + "a:\n")) },
    };

    [Theory]
    [MemberData(nameof(Huge))]
    public void A_huge_text_is_answered_quickly_with_a_problem(string what, string text)
    {
        var clock = Stopwatch.StartNew();

        var read = Read(text);

        read.Problems.Should().NotBeEmpty(what);
        read.Problems.Should().OnlyContain(problem => problem.Message.Length < 2000 && problem.Path.Length < 5000);
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10), what);
    }

    [Fact]
    public void A_billion_laughs_are_refused_at_the_first_anchor()
    {
        var laughs = string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));

        Problem("a0: &a0 lol\n" + laughs).Should().Match<DefinitionProblem>(p => p.Line == 1 && p.Message.Contains("Anchors"));
    }

    [Fact]
    public void Any_text_is_answered_without_an_exception() =>
        Prop.ForAll(Arb.From(Gen.ArrayOf(Gen.Elements(Pieces))), parts => Read(string.Concat(parts)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Any_damage_to_a_good_file_is_answered_without_an_exception() =>
        Prop.ForAll(
            Arb.From(Gen.Choose(0, Minimal.Length - 1)), Arb.From(Gen.Choose(0, 20)), Arb.From(Gen.Elements(Pieces)),
            (at, removed, piece) => Read(Minimal[..at] + piece + Minimal[Math.Min(Minimal.Length, at + removed)..]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    private static readonly string[] Pieces =
    [
        "a", "name", ":", ": ", "- ", "-", "?", "? ", "\n", "\n  ", "\r\n", "\r", "\t", " ", "{", "}", "[", "]", ",", "\"", "'", "\\", "\\x", "\\u12",
        "#", "&a ", "*a ", "!", "!!", "!<", "%", "%YAML 1.2\n", "|", "|9", ">", ">-\n", "---", "...", "@", "`", "~", "1", "0x", "$", "\u2028", "\u0085", "\ufeff", "ä", "😀",
    ];
}
