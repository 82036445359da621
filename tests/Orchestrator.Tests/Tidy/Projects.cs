using System.Xml.Linq;

namespace Orchestrator.Tests.Tidy;

/// <summary>What a project file says a project is built on.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Folder">Its folder from the root.</param>
/// <param name="References">Projects whose code it uses; not those that are only built before it.</param>
/// <param name="Packages">Packages it names itself, and assemblies it points to.</param>
/// <param name="UsesAspNetCore">True with the ASP.NET Core framework.</param>
internal sealed record Project(
    string Name, string Folder, IReadOnlyList<string> References, IReadOnlyList<string> Packages, bool UsesAspNetCore)
{
    public static Project Read(SourceFile file)
    {
        var xml = XDocument.Parse(file.Text).Root!;
        return new Project(
            Path.GetFileNameWithoutExtension(file.Path),
            Path.GetDirectoryName(file.Path)!.Replace('\\', '/'),
            [
                .. xml.Descendants("ProjectReference")
                    .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
                    .Select(Included)
                    .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))),
            ],
            [.. xml.Descendants("PackageReference").Concat(xml.Descendants("Reference")).Select(Included)],
            xml.Descendants("FrameworkReference").Any(reference => Included(reference) == "Microsoft.AspNetCore.App")
            || (string?)xml.Attribute("Sdk") == "Microsoft.NET.Sdk.Web");
    }

    public static IReadOnlyList<Project> All { get; } =
        [.. SourceTree.Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)).Select(Read)];

    private static string Included(XElement element) => (string?)element.Attribute("Include") ?? "";
}
