namespace Orchestrator.Storage;

/// <summary>Where the embedded database is.</summary>
public sealed record SqliteStorageOptions
{
    /// <summary>
    /// The folder of the database file; made when it is missing. Configuration key <c>Orchestrator:Data</c>.
    /// </summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>The file grows no further than so many pages of 4 KiB; null for as far as the disk goes.</summary>
    public long? MaxPages { get; init; }
}
