using System.Reflection;

namespace Orchestrator.SystemTests.Harness;

/// <summary>Where the project's own files are, as the build knew it.</summary>
internal static class Repository
{
    internal static string Folder { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryFolder").Value!;
}
