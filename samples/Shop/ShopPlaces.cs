using System.Reflection;
using System.Runtime.InteropServices;

namespace Shop;

/// <summary>Folders and programs, as the build knew them.</summary>
internal static class ShopPlaces
{
    /// <summary>The program of the orchestrator.</summary>
    internal static string ServiceProgram => Metadata("OrchestratorService");

    /// <summary>This program.</summary>
    internal static string ShopProgram => Metadata("ShopProgram");

    /// <summary>The program that runs programs: the one this process runs on.</summary>
    internal static string Dotnet => Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..",
        OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>The definition files of this sample.</summary>
    internal static string Definitions => Path.Combine(Metadata("ShopFolder"), "definitions");

    /// <summary>
    /// The folder of all databases: the one asked for, or <c>data</c> beside the source, which git ignores.
    /// </summary>
    internal static string DataFolder(string? asked) =>
        Path.GetFullPath(asked ?? Path.Combine(Metadata("ShopFolder"), "data"));

    private static string Metadata(string key) =>
        typeof(ShopPlaces).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == key).Value!;
}
