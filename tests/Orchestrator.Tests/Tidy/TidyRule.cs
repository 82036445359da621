using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Tidy;

/// <summary>One rule over the text of a file.</summary>
/// <param name="Name">What is forbidden.</param>
/// <param name="Instead">What to do.</param>
/// <param name="AppliesTo">The files it holds for.</param>
/// <param name="FindLines">The lines, from 1, that break it.</param>
internal sealed record TidyRule(
    string Name, string Instead, Func<SourceFile, bool> AppliesTo, Func<SourceFile, IEnumerable<int>> FindLines)
{
    public static TidyRule Pattern(string name, string instead, Func<SourceFile, bool> appliesTo, Regex pattern) =>
        new(name, instead, appliesTo, file => pattern.Matches(file.Text).Select(match => file.LineOf(match.Index)));

    public IEnumerable<string> Check(SourceFile file) => AppliesTo(file)
        ? FindLines(file).Select(line => $"{file.Path}:{line}: {Name}. {Instead}")
        : [];

    public override string ToString() => Name;
}
