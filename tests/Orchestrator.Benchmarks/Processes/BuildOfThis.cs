namespace Orchestrator.Benchmarks.Processes;

/// <summary>How this program was built: the service beside it was built the same way.</summary>
internal static class BuildOfThis
{
#if DEBUG
    public const string Configuration = "Debug (not for figures)";
#else
    public const string Configuration = "Release";
#endif

    public static string ServiceAssembly
    {
        get
        {
            // .../tests/Orchestrator.Benchmarks/bin/Release/net10.0/
            var framework = new DirectoryInfo(AppContext.BaseDirectory);
            var configuration = framework.Parent!;
            var root = configuration.Parent!.Parent!.Parent!.Parent!;
            var path = Path.Combine(
                root.FullName, "src", "Orchestrator.Service", "bin", configuration.Name, framework.Name, "Orchestrator.Service.dll");
            return File.Exists(path) ? path : throw new InvalidOperationException($"There is no {path}. Build the solution first.");
        }
    }
}
