using Google.Protobuf;

namespace Orchestrator.StandIn.Instances;

/// <summary>
/// Instances in a file that is only appended to, each change written before it counts: a kill of the process at any
/// moment loses nothing that was answered. It is not synced, for nobody plays a power failure here, and all would wait
/// for one sync after the other. On a full disk a save waits for room, and everybody with it, as when a database does:
/// what is in memory must never be more than what is on disk. Without a path nothing is kept. The hub's lock guards it.
/// </summary>
internal sealed class InstanceFile : IDisposable
{
    private const int NoSpaceLeft = 28;

    private static readonly TimeSpan LookForRoomEvery = TimeSpan.FromMilliseconds(20);

    private readonly ManualResetEventSlim closed = new();
    private readonly FileStream? file;
    private long end;

    public InstanceFile(string? path)
    {
        if (path is null) return;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
    }

    /// <summary>
    /// What the file holds, the last word of each instance; a last record that was cut off is dropped.
    /// </summary>
    public IEnumerable<StoredInstance> Load()
    {
        if (file is null) return [];
        var bytes = new byte[file.Length];
        file.Position = 0;
        file.ReadExactly(bytes);
        var found = new Dictionary<string, StoredInstance>(StringComparer.Ordinal);
        var good = 0;
        while (bytes.Length - good >= sizeof(int) && BitConverter.ToInt32(bytes, good) is var length
            && length <= bytes.Length - good - sizeof(int))
        {
            var instance = StoredInstance.Parser.ParseFrom(bytes, good + sizeof(int), length);
            if (instance.Purged) found.Remove(instance.Id);
            else found[instance.Id] = instance;
            good += sizeof(int) + length;
        }

        file.SetLength(good);
        end = good;
        return found.Values.OrderBy(instance => instance.Number);
    }

    public void Save(StoredInstance instance)
    {
        if (file is null) return;
        var size = instance.CalculateSize();
        var record = new byte[sizeof(int) + size];
        BitConverter.TryWriteBytes(record, size);
        instance.WriteTo(record.AsSpan(sizeof(int)));
        while (!HasRoomFor(record)) closed.Wait(LookForRoomEvery);
        end += record.Length;
    }

    public void Dispose()
    {
        closed.Set();
        file?.Dispose();
    }

    private bool HasRoomFor(byte[] record)
    {
        try
        {
            file!.Position = end;
            file.Write(record);
            return true;
        }
        catch (IOException full) when (full.HResult == NoSpaceLeft)
        {
            return false;
        }
    }
}
