using System.Diagnostics;

namespace Orchestrator.Benchmarks.Processes;

/// <summary>What the data folder lies on.</summary>
/// <param name="Format">The file system.</param>
/// <param name="SyncMilliseconds">Median of writing 4 KiB and waiting until they are on disk.</param>
internal sealed record DiskFigures(string Format, double SyncMilliseconds);

/// <summary>Measures the disk: a file system in memory would make every figure a fairy tale.</summary>
internal static class Disk
{
    private const int Writes = 200;

    public static DiskFigures Measure(string folder)
    {
        var format = new DriveInfo(folder).DriveFormat;
        if (format is "tmpfs" or "ramfs")
            throw new InvalidOperationException($"{folder} lies in memory ({format}). Name a folder on a disk with --data.");
        var path = Path.Combine(folder, "sync");
        var milliseconds = new double[Writes];
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            var block = new byte[4096];
            for (var i = 0; i < Writes; i++)
            {
                var began = Stopwatch.GetTimestamp();
                file.Write(block);
                file.Flush(flushToDisk: true);
                milliseconds[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        }

        File.Delete(path);
        return new DiskFigures(format, milliseconds.Order().ElementAt(Writes / 2));
    }
}
