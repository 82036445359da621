namespace Orchestrator.Storage;

/// <summary>Every limit of the storage, with its reason.</summary>
internal static class StorageLimits
{
    /// <summary>The database file in the data folder.</summary>
    public const string FileName = "orchestrator.db";

    /// <summary>
    /// Seconds one attempt waits for a lock another process holds; the engine tries again after it. The driver knows
    /// whole seconds only and 0 would mean for ever.
    /// </summary>
    public const int LockedWaitSeconds = 1;

    /// <summary>
    /// Pages (4 KiB) in the write-ahead file before it is carried over: 16 MiB, so that checkpoints are few.
    /// </summary>
    public const int CheckpointPages = 4000;

    /// <summary>Page cache of the writing connection: the hot ends of all indexes fit into it.</summary>
    public const int WriterCacheKibibytes = 64 * 1024;

    /// <summary>Largest page of a list.</summary>
    public const int MaxPage = 500;

    /// <summary>Largest page of changes or endings.</summary>
    public const int MaxRows = 10_000;
}
