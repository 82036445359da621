using System.Runtime.CompilerServices;
using Orchestrator.SystemTests.Pages;
using Xunit.Abstractions;

// Tests mostly wait for programs: a few at once share the processors and still answer within their patience.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer(
    "Orchestrator.SystemTests.Harness.LongestFirst", "Orchestrator.SystemTests")]

namespace Orchestrator.SystemTests.Harness;

/// <summary>Begins with what takes longest, so that nothing long is left alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
        ["DaprChaos", "EmbeddedChaos", SharedDaprShop.Name, ThePages.Name, "Story", "Broker"];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(
            collection => Array.FindIndex(
                Long, part => collection.DisplayName.Contains(part, StringComparison.Ordinal)) switch
            {
                < 0 => Long.Length,
                var place => place,
            });
}

internal static class Children
{
    /// <summary>
    /// Programs that run for some seconds gain little from compiling themselves anew: with a method's turn only after
    /// 1,024 calls, and without profiles, they need half of the processor.
    /// </summary>
    [ModuleInitializer]
    internal static void StartLighter()
    {
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
        // The runtime reads it as a hexadecimal number.
        Environment.SetEnvironmentVariable("DOTNET_TC_CallCountThreshold", "400");
    }
}
