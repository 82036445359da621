using Orchestrator.Core.Definitions;
using Orchestrator.Engine.DefinitionFiles;
using Orchestrator.Tests.Tidy;

namespace Orchestrator.Tests.Deployment;

/// <summary><c>dapr.yaml</c> and the definition it runs, as far as they can be checked without Dapr.</summary>
public sealed class RunFileTests
{
    private const string Plain = "samples/Shop/definitions/place-order.yaml";

    private static readonly SagaDefinition ThroughDapr = Definition("samples/Shop/definitions/dapr/place-order.yaml");

    [Fact]
    public void The_run_file_has_only_properties_that_dapr_knows()
    {
        DaprFiles.RunFile.Root.Names().Should().Equal("version", "common", "apps");
        DaprFiles.RunFile.Root.Text("version").Should().Be("1");
        DaprFiles.RunFile.Root.At("common").Names().Should().BeSubsetOf(DaprFiles.RunShared);
        foreach (var app in DaprFiles.RunFile.Root.At("apps").Items())
            app.Names().Should().BeSubsetOf(DaprFiles.RunShared.Concat(DaprFiles.RunApp));
    }

    [Fact]
    public void The_resources_it_names_are_there_and_are_one_whole_set()
    {
        var folders = DaprFiles.RunFile.Root.At("common", "resourcesPaths").Texts();

        folders.Should().OnlyContain(folder => Directory.Exists(Path.Combine(SourceTree.Root, folder)));
        DaprFiles.Loaded(folders).Count(resource => resource.IsActorStateStore).Should().Be(1);
    }

    [Fact]
    public void It_runs_the_orchestrator_and_every_service_of_the_shop_where_the_shop_has_them()
    {
        var ports = Definition(Plain).Participants.ToDictionary(each => each.Name, each => $"{each.Url!.Port}");
        ports.Add("orchestrator", "5080");

        DaprFiles.Apps.ToDictionary(app => app.Id, app => app.Port).Should().BeEquivalentTo(ports);
        foreach (var app in DaprFiles.Apps)
        {
            app.Folder.Should().Be(".");
            app.Option("--urls").Should().Be($"http://127.0.0.1:{app.Port}");
            app.Command.Take(3).Should().Equal(["dotnet", "run", "--no-build"], "programs that build at once get in each other's way");
            Directory.EnumerateFiles(Path.Combine(SourceTree.Root, app.Option("--project")!), "*.csproj").Should().ContainSingle();
            if (app.Id != "orchestrator") app.Command.Should().ContainInOrder("--", "serve", app.Id);
        }
    }

    [Fact]
    public void The_orchestrator_runs_on_dapr_with_the_definitions_for_it()
    {
        var app = DaprFiles.Apps.Single(each => each.Id == "orchestrator");

        app.Option("--Orchestrator:Engine").Should().Be("dapr");
        app.Option("--Orchestrator:Data").Should().StartWith("samples/Shop/data/", "git ignores that folder");
        File.Exists(Path.Combine(SourceTree.Root, app.Option("--Orchestrator:Definitions")!, "place-order.yaml")).Should().BeTrue();
    }

    [Fact]
    public void The_run_file_of_the_story_has_a_sidecar_for_each_program_where_the_story_expects_it()
    {
        var root = YamlFile.Read("samples/Shop/dapr-story.yaml").Single().Root;
        var apps = root.At("apps").Items().ToList();
        var services = apps.SkipLast(1).ToList();
        var story = apps[^1];
        string OptionOf(string name) => story.At("command").Texts().SkipWhile(word => word != name).ElementAt(1);

        root.At("common").Names().Should().BeSubsetOf(DaprFiles.RunShared);
        foreach (var app in apps) app.Names().Should().BeSubsetOf(DaprFiles.RunShared.Concat(DaprFiles.RunApp));
        services.Select(app => (app.Text("appID")!, app.Text("appPort")!)).Should().Equal(
            DaprFiles.Apps.Where(app => app.Id != "orchestrator").Select(app => (app.Id, app.Port)));
        services.Should().OnlyContain(app => !app.Names().Contains("command"), "the story starts the services itself");
        OptionOf("--ports").Should().Be(string.Join(',', apps.TakeLast(1).Concat(services).Select(app => app.Text("appPort"))));
        OptionOf("--sidecars").Should().Be(string.Join(',', services.Select(app => app.Text("daprHTTPPort"))));
        foreach (var folder in root.At("common", "resourcesPaths").Texts())
            Directory.Exists(Path.Combine(SourceTree.Root, "samples/Shop", folder)).Should().BeTrue(folder);
    }

    [Fact]
    public void The_definition_for_dapr_differs_from_the_other_only_in_how_participants_are_reached()
    {
        ThroughDapr.Participants.Should().OnlyContain(each => each.Url == null && !each.ViaPubSub);
        ThroughDapr.Participants.Select(each => (each.Name, each.App)).Should()
            .BeEquivalentTo(DaprFiles.Apps.Where(app => app.Id != "orchestrator").Select(app => (app.Id, (string?)app.Id)));
        var plain = Definition(Plain);
        DefinitionJson.Write(ThroughDapr with { Participants = plain.Participants })
            .Should().Be(DefinitionJson.Write(plain));
    }

    private static SagaDefinition Definition(string path)
    {
        var read = DefinitionFile.Read(File.ReadAllBytes(Path.Combine(SourceTree.Root, path)));
        read.Problems.Should().BeEmpty(path);
        return read.Definition!;
    }
}
