using BenchmarkDotNet.Running;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>The command <c>micro</c>.</summary>
internal static class MicroCommand
{
    public static int Run(string[] args)
    {
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(args);
        return summaries.Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
    }
}
