using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Tidy;

/// <summary>
/// docs/api.md lists every problem by its status and code; each is answered in some test of the service.
/// </summary>
public sealed partial class ProblemCodeTests
{
    private const string Document = "docs/api.md";
    private const string Tests = "tests/Orchestrator.Tests/Service";

    [Fact]
    public void Every_code_of_the_api_is_answered_in_a_test()
    {
        var told = Listed(SourceTree.Files.Single(file => file.Path == Document).Lines);
        var tests = string.Concat(SourceTree.Files.Where(file => file.IsIn(Tests)).Select(file => file.Text));

        told.Should().HaveCountGreaterThan(30);
        told.Where(one => !tests.Contains($"{one.Status}, \"{one.Code}\"", StringComparison.Ordinal))
            .Should().BeEmpty("each needs a test that says: status, \"code\"");
    }

    [Fact]
    public void A_line_of_the_table_has_a_status_and_codes() =>
        Listed(["| 409 | `finished`, `still-running` | when |", "| `POST /x` | 409 |"])
            .Should().Equal((409, "finished"), (409, "still-running"));

    private static List<(int Status, string Code)> Listed(IEnumerable<string> lines) =>
    [
        .. from line in lines
           let match = Line().Match(line)
           where match.Success
           from code in match.Groups["code"].Captures
           select (int.Parse(match.Groups["status"].ValueSpan, CultureInfo.InvariantCulture), code.Value),
    ];

    [GeneratedRegex(@"^\| (?<status>\d{3}) \| (?:`(?<code>[a-z-]+)`(?:, )?)+ \|", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}
