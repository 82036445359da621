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

    /// <summary>
    /// Most characters of a text that is compared and has an index, on databases that ask for a bound: names, ids and
    /// keys are shorter by other limits, and two of it fit into an index of SQL Server (1,700 bytes).
    /// </summary>
    public const int MaxKeyLength = 400;

    /// <summary>Idempotency keys looked up by one query: two parameters each.</summary>
    public const int MaxKeysPerQuery = 128;

    /// <summary>
    /// Seconds one commit or one statement may take on a server before it counts as failed; the engine tries again.
    /// </summary>
    public const int ServerCommandSeconds = 15;

    /// <summary>
    /// Milliseconds a statement waits for a lock on a server: the holder is another engine's commit, or one that hangs.
    /// </summary>
    public const int ServerLockMilliseconds = 5000;

    /// <summary>
    /// Milliseconds an engine on PostgreSQL may keep a transaction open without doing anything in it, for example
    /// because it is stopped; then the server ends it, and the others go on.
    /// </summary>
    public const int ServerIdleMilliseconds = 3000;

    /// <summary>Sagas whose history is read at once after they were taken over.</summary>
    public const int MaxSagasPerQuery = 500;
}
