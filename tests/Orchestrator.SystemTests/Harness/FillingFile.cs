namespace Orchestrator.SystemTests.Harness;

/// <summary>A file that takes all the space of its disk.</summary>
internal static class FillingFile
{
    /// <summary>Writes until nothing goes in any more.</summary>
    internal static void Write(string path)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var size in (int[])[1024 * 1024, 64 * 1024, 4096, 512, 1])
        {
            try
            {
                while (true) file.Write(new byte[size]);
            }
            catch (IOException)
            {
                // Full at this size.
            }
        }
    }
}
