namespace Orchestrator.Tests.Tidy;

public sealed class TidyTests
{
    private static readonly string LongText = string.Join('\n', Enumerable.Repeat("// x", TidyRules.LongestFile + 1));

    public static TheoryData<string> RuleNames => [.. TidyRules.All.Select(rule => rule.Name)];

    public static TheoryData<string, string, string> BadSamples => new()
    {
        { TidyRules.TooLong.Name, "src/A/B.cs", LongText },
        { TidyRules.TooWide.Name, "src/A/B.cs", "// " + new string('x', TidyRules.WidestLine) },
        { TidyRules.TooWide.Name, "src/A/B.cs", "var x = \"" + new string('x', TidyRules.WidestLine) + "\";" },
        { TidyRules.TooWide.Name, "tests/A/B.cs", "// " + new string('x', TidyRules.WidestLine) },
        { TidyRules.Unfinished.Name, "src/A/B.cs", "// TO" + "DO: later" },
        { TidyRules.Unfinished.Name, "src/A/B.sql", "-- FIX" + "ME" },
        { TidyRules.Swallowed.Name, "src/A/B.cs", "catch (IOException e)\n{\n}" },
        { TidyRules.Swallowed.Name, "tests/A/B.cs", "try { F(); } catch " + "{ }" },
        { TidyRules.Swallowed.Name, "src/A/B.cs", "catch (IOException) when (x > (1)) " + "{ }" },
        { TidyRules.Threads.Name, "src/Orchestrator.Engine/B.cs", "await Task.Run(F);" },
        { TidyRules.Threads.Name, "src/Orchestrator.Embedded/B.cs", "await F().ConfigureAwait(false);" },
        { TidyRules.Sleeping.Name, "tests/A/B.cs", "await Task.Del" + "ay(50);" },
        { TidyRules.Sleeping.Name, "tests/A/B.cs", "Thread.Sle" + "ep(x);" },
        { TidyRules.Skipped.Name, "tests/A/B.cs", "[Fact(Sk" + "ip = \"later\")]" },
        { TidyRules.NotASentence.Name, "tests/A/B.cs", "[Fact]\npublic async Task TestStart() {" },
        { TidyRules.NotASentence.Name, "tests/A/B.cs", "[Theory]\n[InlineData(1)]\npublic void Start_works(int x) {" },
        { TidyRules.Machine.Name, "docs/a.md", "see /ho" + "me/me/notes" },
        { TidyRules.Machine.Name, ".ci/run", "cd \"/wo" + "rk/main\"" },
        { TidyRules.Decision.Name, "docs/decisions/0001-a.md", "# A\n## Status\n## Problem\n## Choice\n" },
        { TidyRules.VagueName.Name, "src/A/B.cs", "internal sealed class " + "SagaManager" },
    };

    public static TheoryData<string, string> GoodSamples => new()
    {
        { "tests/A/B.cs", "Read(\"\"\"" + new string('x', TidyRules.WidestLine) + "\"\"\", \"y\");" },
        { "src/A/B.cs", "catch (IOException)\n{\n    // The file is gone already.\n}" },
        { "src/Orchestrator.Storage/B.cs", "await Task.Run(F);" },
        { "tests/A/B.cs", "await Task.Delay(wait, clock, cancel);" },
        { "tests/A/B.cs", "[Theory]\n[InlineData(1)]\npublic async Task A_late_do_is_barred(int x) {" },
        { "docs/a.md", "`GET /sagas/x`, https://example.org/wo" + "rk/x, samples/ho" + "me/x" },
        { "docs/decisions/0001-a.md", "# A\n## Status\n## Problem\n## Choice\n## What it costs\n" },
        { "docs/decisions/0002-a.md", "# A\n**Status.** s\n**Problem.** p\n**Choice.** c\n**What it costs.** w" },
    };

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_project_keeps_every_rule(string name)
    {
        var rule = TidyRules.All.Single(rule => rule.Name == name);

        SourceTree.Files.SelectMany(rule.Check).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(BadSamples))]
    public void Every_rule_finds_what_it_is_for(string name, string path, string text) =>
        TidyRules.All.Single(rule => rule.Name == name).Check(new SourceFile(path, text)).Should().NotBeEmpty();

    [Theory]
    [MemberData(nameof(GoodSamples))]
    public void No_rule_finds_what_is_right(string path, string text) =>
        TidyRules.All.SelectMany(rule => rule.Check(new SourceFile(path, text))).Should().BeEmpty();

    [Fact]
    public void Every_rule_has_a_sample_that_breaks_it() =>
        TidyRules.All.Select(rule => rule.Name).Should().BeSubsetOf(BadSamples.Select(sample => (string)sample[0]));

    [Fact]
    public void The_walk_over_the_project_finds_its_files()
    {
        var paths = SourceTree.Files.Select(file => file.Path).ToArray();

        paths.Should().Contain(["Orchestrator.sln", "src/Orchestrator.Core/Deciding/SagaDecider.cs", ".ci/run"]);
        paths.Should().NotContain(path => path.Contains("/obj/", StringComparison.Ordinal));
    }
}
