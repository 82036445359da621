namespace Orchestrator.Tests.Tidy;

/// <summary>
/// The project's own files, found by walking up to the solution: an archive without git has them too.
/// </summary>
internal static class SourceTree
{
    private static readonly string[] Built =
        ["bin", "obj", "data", "TestResults", "BenchmarkDotNet.Artifacts", ".git", ".vs", ".idea"];

    private static readonly string[] Readable =
    [
        ".cs", ".csproj", ".props", ".targets", ".sln", ".sql", ".json", ".yaml", ".yml", ".js", ".css", ".html", ".md", ".txt",
        ".sh",
    ];

    public static string Root { get; } = FindRoot();

    private static readonly Lazy<IReadOnlyList<SourceFile>> All = new(() => [.. Walk(new DirectoryInfo(Root))]);

    public static IReadOnlyList<SourceFile> Files => All.Value;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"There is no Orchestrator.sln above {AppContext.BaseDirectory}.");
    }

    private static IEnumerable<SourceFile> Walk(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles())
            if (Readable.Contains(file.Extension) || folder.Name == ".ci")
                yield return new SourceFile(
                    Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName));
        foreach (var inner in folder.EnumerateDirectories())
        {
            if (Built.Contains(inner.Name)) continue;
            foreach (var file in Walk(inner)) yield return file;
        }
    }
}

/// <summary>A file of the project.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
/// <param name="Text">All of it.</param>
internal sealed record SourceFile(string Path, string Text)
{
    public string[] Lines { get; } = Text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsMarkdown => Path.EndsWith(".md", StringComparison.Ordinal);

    public bool IsIn(params string[] folders) =>
        folders.Any(folder => Path.StartsWith(folder + "/", StringComparison.Ordinal));

    /// <summary>The line, from 1, of a place in the text.</summary>
    public int LineOf(int offset) => Text.AsSpan(0, offset).Count('\n') + 1;
}
