using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Tidy;

public sealed partial class LinkTests
{
    [Fact]
    public void Every_link_between_the_documents_leads_somewhere() =>
        SourceTree.Files.SelectMany(file => DeadLinks(file, Exists)).Should().BeEmpty();

    [Theory]
    [InlineData("README.md", "[a](docs/b.md)", "docs/b.md")]
    [InlineData("docs/a.md", "[a](../README.md#start)", "README.md")]
    [InlineData("docs/decisions/0001-a.md", "see [a](../api.md) and [b](https://example.org/)", "docs/api.md")]
    public void A_dead_link_is_found(string path, string text, string target)
    {
        var file = new SourceFile(path, text);

        DeadLinks(file, _ => false).Should().ContainSingle();
        DeadLinks(file, found => found == target).Should().BeEmpty();
    }

    private static IEnumerable<string> DeadLinks(SourceFile file, Func<string, bool> exists)
    {
        if (!file.IsMarkdown) yield break;
        foreach (Match link in Link().Matches(file.Text))
        {
            var target = link.Groups["target"].Value;
            var full = Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(file.Path)!, target))[1..];
            if (!exists(full)) yield return $"{file.Path}:{file.LineOf(link.Index)}: there is no {target}.";
        }
    }

    private static bool Exists(string path) => Path.Exists(Path.Combine(SourceTree.Root, path));

    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)(?<target>[^)#\s]+)(?:#[^)]*)?\)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();
}
