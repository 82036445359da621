using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Orchestrator.Benchmarks.Processes;

/// <summary>Makes another .NET process collect its garbage, so that its heap can be weighed.</summary>
internal static class GarbageCollection
{
    /// <summary>
    /// Keyword GCHeapCollect of the runtime's events: a session that asks for it begins with a full collection.
    /// </summary>
    private const long HeapCollect = 0x800000;

    public static void Induce(int processId)
    {
        var client = new DiagnosticsClient(processId);
        // Twice: what only a finalizer held is gone after the second.
        for (var i = 0; i < 2; i++)
        {
            using var session = client.StartEventPipeSession(
                [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, HeapCollect)],
                requestRundown: false);
            session.Stop();
        }
    }
}
