namespace Orchestrator.Storage.Servers;

/// <summary>Where the database on a server is, and who this engine is to others that share it.</summary>
public sealed record ServerStorageOptions
{
    /// <summary>
    /// How to connect: a secret, never logged. Configuration key <c>Orchestrator:ConnectionString</c>.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>Names this engine to people; default the machine and the process.</summary>
    public string Name { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>Neither a password nor a user is in it.</summary>
    public override string ToString() => $"{nameof(ServerStorageOptions)} of {Name}";
}
