using System.Globalization;
using Orchestrator.Contract;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// One engine per database file: a lock of the operating system on a file beside it, gone with the process however it
/// ends. Who holds it is written into a second file, because the first cannot be read while it is locked.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream stream;

    private StoreLock(FileStream stream) => this.stream = stream;

    /// <summary>Takes the lock or throws <see cref="StoreInUseException" /> with the name of the holder.</summary>
    public static StoreLock Take(string databaseFile, TimeProvider time)
    {
        var lockFile = databaseFile + ".lock";
        var holderFile = databaseFile + ".holder";
        FileStream taken;
        try
        {
            taken = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreUnavailableException(
                $"{lockFile} cannot be written: {e.Message} Give this process the right to write there.", e);
        }
        catch (IOException e)
        {
            if (!IsHeld(lockFile)) throw new StoreUnavailableException($"{lockFile} cannot be made: {e.Message}", e);
            throw new StoreInUseException(
                $"{databaseFile} is in use by another engine: {ReadHolder(holderFile)}. Stop it, or name another "
                + "folder with Orchestrator:Data.", e);
        }

        var holder = string.Create(
            CultureInfo.InvariantCulture,
            $"process {Environment.ProcessId} on {Environment.MachineName} since {Instants.Write(time.GetUtcNow())}");
        TryWriteHolder(holderFile, holder);
        return new StoreLock(taken);
    }

    /// <inheritdoc />
    public void Dispose() => stream.Dispose();

    /// <summary>
    /// A file that is there and may be written, and still cannot be opened, is locked; a full disk cannot even make it.
    /// </summary>
    private static bool IsHeld(string lockFile) => File.Exists(lockFile);

    private static string ReadHolder(string holderFile)
    {
        try
        {
            return File.ReadAllText(holderFile).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "a process that left no name";
        }
    }

    /// <summary>The name only helps people: a disk too full for it must not keep the engine from starting.</summary>
    private static void TryWriteHolder(string holderFile, string holder)
    {
        try
        {
            File.WriteAllText(holderFile, holder + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}
