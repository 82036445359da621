using System.Runtime.InteropServices;

namespace Orchestrator.Storage.Writing;

/// <summary>Bytes as the drivers take them.</summary>
internal static class RowBytes
{
    /// <summary>The array itself when the memory is all of one, else a copy.</summary>
    public static byte[] Of(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0
            && segment.Count == segment.Array!.Length
            ? segment.Array
            : memory.ToArray();
}
