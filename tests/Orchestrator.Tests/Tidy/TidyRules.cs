using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Tidy;

/// <summary>
/// The rules of CONTRIBUTING.md that a text alone can break. Words that would trip the rules over this very file are
/// put together from halves.
/// </summary>
internal static class TidyRules
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly string[] DecisionHeadings = ["Status", "Problem", "Choice", "What it costs"];

    private static readonly Regex TestName = new(
        @"\[(?:Fact|Theory)\b[^\]]*\][\s\S]*?\bpublic\s+(?:static\s+)?(?:async\s+)?[\w<>]+\s+(?<name>\w+)\(",
        RegexOptions.ExplicitCapture,
        Limit);

    private static readonly Regex Strings = new("\"{3}.*?\"{3}|\"(\\\\.|[^\"\\\\])*\"", RegexOptions.ExplicitCapture, Limit);

    public const int LongestFile = 300;

    public const int WidestLine = 120;

    public static readonly TidyRule TooLong = new(
        $"a file of more than {LongestFile} lines",
        "Split it by subject.",
        file => file.IsCSharp,
        file => file.Lines.Length > LongestFile ? [file.Lines.Length] : []);

    public static readonly TidyRule TooWide = new(
        $"a line of more than {WidestLine} columns",
        "Break it; in tests only a line that is mostly one string may be wider.",
        file => file.IsCSharp,
        file => file.Lines.Index().Where(line => IsTooWide(file, line.Item)).Select(line => line.Index + 1));

    public static readonly TidyRule Unfinished = TidyRule.Pattern(
        "an open promise in the code",
        "Do it, or open an issue and name it.",
        file => !file.IsMarkdown,
        new Regex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|XX" + @"X)\b", RegexOptions.ExplicitCapture, Limit));

    public static readonly TidyRule Swallowed = TidyRule.Pattern(
        "an exception that is swallowed",
        "Handle it, or say in a comment within the braces why nothing is to be done.",
        file => file.IsCSharp,
        new Regex(@"\bcatch\s*(\([^)]*\)\s*)?(when\s*\([^{]*\)\s*)?\{\s*\}", RegexOptions.ExplicitCapture, Limit));

    public static readonly TidyRule Threads = TidyRule.Pattern(
        "a thread of its own in the engine",
        "Await: simulated time runs everything on one thread.",
        file => file.IsCSharp && file.IsIn("src/Orchestrator.Engine", "src/Orchestrator.Embedded"),
        new Regex(@"\bTask\.Run\b|\bnew Thread\b|\.ConfigureAwait\(|\bTask\.Factory\b", RegexOptions.ExplicitCapture, Limit));

    public static readonly TidyRule Sleeping = TidyRule.Pattern(
        "a test that sleeps",
        "Wait for what you are waiting for, or turn a clock by hand.",
        file => file.IsCSharp && file.IsIn("tests"),
        new Regex(@"\bThread\.Sle" + @"ep\b|\bTask\.Del" + @"ay\(\s*\d", RegexOptions.ExplicitCapture, Limit));

    public static readonly TidyRule Skipped = TidyRule.Pattern(
        "a test that is skipped",
        "Mend it or remove it.",
        file => file.IsCSharp && file.IsIn("tests"),
        new Regex(@"\[(Fact|Theory|InlineData)\([^\]]*\bSk" + @"ip\s*=", RegexOptions.ExplicitCapture, Limit));

    public static readonly TidyRule NotASentence = new(
        "a test whose name is no sentence",
        "Say what happens, with underscores: A_late_do_is_barred.",
        file => file.IsCSharp && file.IsIn("tests"),
        file => TestName.Matches(file.Text)
            .Where(match => match.Groups["name"].Value.Count(c => c == '_') < 2)
            .Select(match => file.LineOf(match.Groups["name"].Index)));

    public static readonly TidyRule Machine = TidyRule.Pattern(
        "a path of somebody's machine",
        "Name it relative to the project, or let it be given.",
        _ => true,
        new Regex(@"(?<![\w.$}*:/-])/(wo" + @"rk|ho" + @"me|ro" + @"ot|Us" + @"ers)/\w", RegexOptions.ExplicitCapture, Limit));

    public static readonly TidyRule Decision = new(
        "a decision record without its four headings",
        "Give it the headings Status, Problem, Choice, What it costs.",
        file => file.IsMarkdown && file.IsIn("docs/decisions"),
        file => DecisionHeadings.All(heading => file.Lines.Any(line => Begins(line, heading))) ? [] : [1]);

    public static readonly TidyRule VagueName = TidyRule.Pattern(
        "a type named by nothing it does",
        "Name the subject instead of Manager, Helper, Util or Impl.",
        file => file.IsCSharp,
        new Regex(
            @"\b(class|record|struct|interface|enum) \w*(Manager|Helpers?|Utils?|Utilit(y|ies)|Impl)\b", RegexOptions.ExplicitCapture, Limit));

    public static readonly IReadOnlyList<TidyRule> All =
    [
        TooLong, TooWide, Unfinished, Swallowed, Threads, Sleeping, Skipped, NotASentence, Machine, Decision, VagueName,
    ];

    private static bool Begins(string line, string heading) =>
        line.StartsWith($"**{heading}.**", StringComparison.Ordinal) || line.TrimStart('#').Trim() == heading;

    private static bool IsTooWide(SourceFile file, string line)
    {
        if (line.Length <= WidestLine) return false;
        // Data of a test is easier to read in one line than in five: what remains beside its strings must fit.
        return !file.IsIn("tests") || Strings.Replace(line, "\"\"").Length > WidestLine;
    }
}
