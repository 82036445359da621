using Orchestrator.Tests.Tidy;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Tests.Deployment;

/// <summary>One document of a YAML file, and short ways into it.</summary>
internal sealed record YamlDocumentOf(string File, YamlMappingNode Root)
{
    public string Folder => Path.GetDirectoryName(File)!.Replace('\\', '/');

    public string Kind => Root.Text("kind") ?? "";

    public string Name => Root.Text("metadata", "name") ?? "";

    public string Type => Root.Text("spec", "type") ?? "";

    public IReadOnlyList<string> Scopes => Root.At("scopes").Texts();

    /// <summary>The items of a component's metadata.</summary>
    public IEnumerable<YamlMappingNode> Items => Root.At("spec", "metadata").Items().Cast<YamlMappingNode>();

    public bool IsActorStateStore =>
        Items.Any(item => item.Text("name") == "actorStateStore" && item.Text("value") == "true");
}

/// <summary>Reads YAML of the project as a tree; a path that is not there is null, not an exception.</summary>
internal static class YamlFile
{
    public static IReadOnlyList<YamlDocumentOf> Read(string path)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Path.Combine(SourceTree.Root, path));
        stream.Load(reader);
        return [.. stream.Documents.Select(document => new YamlDocumentOf(path, (YamlMappingNode)document.RootNode))];
    }

    public static YamlNode? At(this YamlNode? node, params string[] path)
    {
        foreach (var name in path)
            node = node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child)
                ? child
                : null;
        return node;
    }

    public static string? Text(this YamlNode? node, params string[] path) => (node.At(path) as YamlScalarNode)?.Value;

    public static IEnumerable<YamlNode> Items(this YamlNode? node) =>
        node is YamlSequenceNode list ? list.Children : [];

    public static IReadOnlyList<string> Texts(this YamlNode? node) =>
        [.. node.Items().OfType<YamlScalarNode>().Select(item => item.Value ?? "")];

    public static IReadOnlyList<string> Names(this YamlNode? node) =>
        node is YamlMappingNode map ? [.. map.Children.Keys.Cast<YamlScalarNode>().Select(key => key.Value ?? "")] : [];
}
