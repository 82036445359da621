using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Service.Telemetry;

/// <summary>What the process itself costs.</summary>
internal static class ProcessMetrics
{
    /// <summary>Writes it.</summary>
    public static void WriteTo(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Counter(
                "orchestrator_process_cpu_seconds_total",
                "Processor time used, in seconds.",
                process.TotalProcessorTime.TotalSeconds)
            .Gauge("orchestrator_process_resident_memory_bytes", "Resident memory, in bytes.", process.WorkingSet64)
            .Gauge("orchestrator_process_threads", "Threads of the process.", process.Threads.Count)
            .Gauge(
                "orchestrator_gc_heap_bytes", "Managed heap, in bytes.", GC.GetTotalMemory(forceFullCollection: false))
            .Counter("orchestrator_gc_allocated_bytes_total", "Bytes allocated.", GC.GetTotalAllocatedBytes())
            .Gauge(
                "orchestrator_thread_pool_queue_length", "Work that waits for a pool thread.",
                ThreadPool.PendingWorkItemCount)
            .Head("orchestrator_gc_collections_total", "Garbage collections, by generation.", "counter");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            text.Line(
                "orchestrator_gc_collections_total",
                "generation",
                generation.ToString(CultureInfo.InvariantCulture),
                GC.CollectionCount(generation));
        }
    }
}
