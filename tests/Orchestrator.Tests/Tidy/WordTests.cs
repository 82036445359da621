using System.Text.Json.Serialization;

namespace Orchestrator.Tests.Tidy;

public sealed class WordTests
{
    [Fact]
    public void Public_names_use_the_words_of_the_glossary() =>
        PublicNames.Assemblies.SelectMany(assembly => assembly.GetExportedTypes())
            .SelectMany(PublicNames.OfMembers).SelectMany(NameProblems).Should().BeEmpty();

    [Fact]
    public void Json_uses_the_words_of_the_glossary() =>
        PublicNames.Assemblies.SelectMany(PublicNames.OfJson).Distinct()
            .SelectMany(BannedWords.CheckName).Should().BeEmpty();

    [Fact]
    public void The_documents_use_the_words_of_the_glossary() =>
        SourceTree.Files.Where(IsWatched).SelectMany(BannedWords.CheckDocument).Should().BeEmpty();

    [Fact]
    public void The_names_that_are_looked_at_are_the_projects_own() =>
        PublicNames.Assemblies.SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(PublicNames.OfMembers)
            .Should().Contain(["SagaDecider", "SagaDecider.Evolve", "Answer.Status"]);

    [Theory]
    [InlineData("WorkflowState")]
    [InlineData("Saga.RetryCount")]
    [InlineData("Saga.LastStatus")]
    [InlineData("ISagaRepository")]
    [InlineData("pendingTasks")]
    [InlineData("activities")]
    [InlineData("TTL")]
    public void A_banned_word_in_a_name_is_found(string name) => BannedWords.CheckName(name).Should().NotBeEmpty();

    [Theory]
    [InlineData("SagaDecider.Evolve")]
    [InlineData("Answer.Status")]
    [InlineData("LogicalClock")]
    [InlineData("definitionVersion")]
    public void A_name_without_one_is_left_alone(string name) => BannedWords.CheckName(name).Should().BeEmpty();

    [Fact]
    public void A_banned_json_name_is_found() =>
        PublicNames.OfJson(new SampleJson()).SelectMany(BannedWords.CheckName).Should().ContainSingle();

    [Theory]
    [InlineData("The workflow ends.")]
    [InlineData("Two workers and `code`.")]
    [InlineData("It is poisoned.")]
    [InlineData("a retry count of three")]
    [InlineData("- Temporal is another product.\n- Our workflow is not.")]
    public void A_banned_word_in_a_document_is_found(string text) =>
        BannedWords.CheckDocument(new SourceFile("docs/a.md", text)).Should().ContainSingle();

    [Theory]
    [InlineData("The process ends; its log shows the HTTP status.")]
    [InlineData("`workflow` and\n```\nworker: 1\n```\nno more")]
    [InlineData("A Temporal workflow has\nactivities and workers.")]
    public void A_document_without_one_is_left_alone(string text) =>
        BannedWords.CheckDocument(new SourceFile("docs/a.md", text)).Should().BeEmpty();

    /// <summary>The glossary names the banned words, pages about Dapr use its own.</summary>
    private static bool IsWatched(SourceFile file) => file.IsMarkdown
        && (file.IsIn("docs") || !file.Path.Contains('/', StringComparison.Ordinal))
        && Path.GetFileName(file.Path) is not "glossary.md"
        && !Path.GetFileName(file.Path).Contains("dapr", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> NameProblems(string name)
    {
        // Of "Type.Member" the type was looked at by itself.
        var member = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return BannedWords.CheckName(name).Any() ? BannedWords.CheckName(member) : [];
    }
}

internal sealed record SampleBody(string Name, string JobName);

[JsonSerializable(typeof(SampleBody))]
internal sealed partial class SampleJson : JsonSerializerContext;
