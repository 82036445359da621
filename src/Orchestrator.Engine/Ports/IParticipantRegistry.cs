using Orchestrator.Core.Definitions;

namespace Orchestrator.Engine.Ports;

/// <summary>
/// Where participants are reached; read at every call, so a moved service can still be undone. Safe for any number of
/// threads; reads come from memory.
/// </summary>
public interface IParticipantRegistry
{
    /// <summary>The participant, or null.</summary>
    ParticipantEntry? Find(string name);

    /// <summary>All of them, by name.</summary>
    IReadOnlyList<ParticipantEntry> List();

    /// <summary>
    /// Adds or replaces one; answers once it is on disk. Throws <see cref="StoreUnavailableException" />.
    /// </summary>
    Task PutAsync(ParticipantEntry entry, string actor, CancellationToken cancel);
}

/// <summary>A registered participant. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Base address of direct HTTP calls, or null.</param>
/// <param name="App">Dapr application id, or null.</param>
/// <param name="ViaPubSub">Commands go through the broker.</param>
/// <param name="Concurrency">Calls under way at once, 1 to <see cref="MaxConcurrency" />.</param>
/// <param name="Paused">No calls go out; they wait.</param>
/// <param name="Retry">What counts instead of definitions' retry policies while it is set; null for nothing.</param>
public sealed record ParticipantEntry(
    string Name, Uri? Url, string? App, bool ViaPubSub, int Concurrency, bool Paused, RetryOverride? Retry = null)
{
    /// <summary>The default of <see cref="Concurrency" />.</summary>
    public const int DefaultConcurrency = 64;

    /// <summary>The bound of <see cref="Concurrency" />.</summary>
    public const int MaxConcurrency = 4096;
}
