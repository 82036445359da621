using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Tidy;

/// <summary>
/// docs/promises.md names the tests that hold each promise; a name that is gone would be an empty promise.
/// </summary>
public sealed partial class PromiseTests
{
    private const string Document = "docs/promises.md";
    private const int Promises = 8;

    private static SourceFile Text => SourceTree.Files.Single(file => file.Path == Document);

    [Fact]
    public void Every_test_a_promise_names_is_where_it_is_said_to_be() =>
        Text.Lines.SelectMany(line => Missing(line, Read)).Should().BeEmpty();

    [Fact]
    public void Every_promise_names_tests_and_its_limit()
    {
        var sections = Text.Text.Split("\n## ").Skip(1).Where(section => Heading().IsMatch(section)).ToList();

        sections.Should().HaveCount(Promises);
        sections.Should().OnlyContain(section =>
            section.Contains("**Limit.**", StringComparison.Ordinal) && Name().IsMatch(section));
    }

    [Fact]
    public void A_test_that_is_gone_is_found() =>
        Missing("| `A_thing_happens` | [Some](../tests/Some.cs) |", _ => "public void A_thing_happened() { }")
            .Should().ContainSingle();

    private static IEnumerable<string> Missing(string line, Func<string, string> read)
    {
        var names = Name().Matches(line).Select(match => match.Groups["name"].Value).ToList();
        if (names.Count == 0) yield break;
        var text = string.Concat(File().Matches(line).Select(match => read(match.Groups["path"].Value)));
        foreach (var name in names)
            if (!text.Contains($" {name}(", StringComparison.Ordinal))
                yield return $"{Document}: there is no test {name} where its line says.";
    }

    private static string Read(string path) => SourceTree.Files.Single(file => file.Path == path).Text;

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"\]\(\.\./(?<path>[^)#\s]+\.cs)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex File();

    [GeneratedRegex("^P[1-8]\n", RegexOptions.None, 1000)]
    private static partial Regex Heading();
}
