using System.Text.RegularExpressions;

namespace Orchestrator.Tests.Tidy;

public sealed partial class LayeringTests
{
    [Fact]
    public void Every_project_depends_only_on_what_the_table_allows() =>
        Project.All.SelectMany(Layering.Check).Should().BeEmpty();

    [Fact]
    public void The_walk_finds_the_projects() =>
        Project.All.Select(project => project.Name).Should().Contain(
            ["Orchestrator.Contract", "Orchestrator.Core", "Orchestrator.Service", "Orchestrator.Tests"]);

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = SourceTree.Files.Single(file => file.Path == "Orchestrator.sln").Text.Replace('\\', '/');

        Project.All.Should().OnlyContain(project => solution.Contains($"{project.Folder}/{project.Name}.csproj"));
    }

    [Theory]
    [InlineData("Orchestrator.Participant", """<ProjectReference Include="../Orchestrator.Core/Orchestrator.Core.csproj" />""")]
    [InlineData("Orchestrator.Core", """<PackageReference Include="Dapper" />""")]
    [InlineData("Orchestrator.Core", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""")]
    [InlineData("Orchestrator.Storage", """<ProjectReference Include="..\Orchestrator.Embedded\Orchestrator.Embedded.csproj" />""")]
    [InlineData("Shop", """<ProjectReference Include="../../src/Orchestrator.Service/Orchestrator.Service.csproj" />""")]
    [InlineData("Orchestrator.Unknown", "")]
    public void A_dependency_that_is_not_in_the_table_is_found(string name, string item)
    {
        var file = new SourceFile(
            $"src/{name}/{name}.csproj", $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>{item}</ItemGroup></Project>""");

        Layering.Check(Project.Read(file)).Should().ContainSingle();
    }

    [Fact]
    public void A_project_that_is_only_built_before_another_is_no_dependency()
    {
        var file = new SourceFile(
            "samples/Shop/Shop.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk"><ItemGroup>
            <ProjectReference Include="../../src/Orchestrator.Service/Orchestrator.Service.csproj" ReferenceOutputAssembly="false" />
            </ItemGroup></Project>
            """);

        Layering.Check(Project.Read(file)).Should().BeEmpty();
    }

    [Fact]
    public void Every_namespace_is_its_folder() =>
        SourceTree.Files.SelectMany(file => MisplacedNamespaces(file, Project.All)).Should().BeEmpty();

    [Theory]
    [InlineData("src/A/Deep/B.cs", "namespace A;")]
    [InlineData("src/A/B.cs", "namespace A.Deep;")]
    [InlineData("src/A/B.cs", "internal sealed class B;")]
    public void A_namespace_that_is_not_its_folder_is_found(string path, string text) =>
        MisplacedNamespaces(new SourceFile(path, text), [new Project("A", "src/A", [], [], false)]).Should().ContainSingle();

    private static IEnumerable<string> MisplacedNamespaces(SourceFile file, IReadOnlyList<Project> projects)
    {
        // Top-level statements and attributes of the assembly have no namespace.
        if (!file.IsCSharp || Path.GetFileName(file.Path) is "Program.cs" or "Assembly.cs") yield break;
        var project = projects.Where(project => file.IsIn(project.Folder)).MaxBy(project => project.Folder.Length);
        if (project is null) yield break;
        var inner = Path.GetDirectoryName(file.Path)!.Replace('\\', '/')[project.Folder.Length..].Replace('/', '.');
        var expected = project.Name + inner;
        var actual = NamespaceLine().Match(file.Text).Groups["name"].Value;
        if (actual != expected) yield return $"{file.Path}: namespace \"{actual}\" should be {expected}.";
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex NamespaceLine();
}
