using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests;

[Collection(SharedShop.Name)]
public sealed partial class ReadmeTests(SharedShop shared)
{
    [Fact]
    public async Task The_lines_with_curl_work_as_they_stand()
    {
        var lines = CurlLines(await File.ReadAllTextAsync(Readme));
        lines.Should().NotBeEmpty();
        var shop = shared.Shop;

        foreach (var line in lines)
        {
            var here = ShopPorts.Programs.Aggregate(line, (text, program) => text.Replace(
                ShopPorts.Default.UrlOf(program), shop.Ports.UrlOf(program), StringComparison.Ordinal));
            var (code, words) = await Programs.RunAsync("sh", "-c", $"{here} --fail-with-body");

            code.Should().Be(0, $"of {here}: {words}");
            var answer = JsonDocument.Parse(words).RootElement;
            if (line.Contains("-X POST", StringComparison.Ordinal))
                answer.GetProperty("outcome").GetString().Should().Be("completed", $"of {here}");
        }
    }

    private static string Readme => Path.Combine(Repository.Folder, "README.md");

    private static List<string> CurlLines(string text) =>
        [.. CurlLine().Matches(text).Select(match => match.Value.Replace("\\\n", " ", StringComparison.Ordinal))];

    // A line may go on after a backslash.
    [GeneratedRegex(@"^curl (?:[^\n]*\\\n)*[^\n]*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CurlLine();
}
