namespace Orchestrator.Core.Definitions;

/// <summary>
/// A participant as a definition names it; the registry of the service holds the address calls really use.
/// </summary>
/// <param name="Name">Name, unique in the definition.</param>
/// <param name="Url">Base address of a direct HTTP call, or null.</param>
/// <param name="App">Dapr application id, or null. Exactly one of the two is given.</param>
/// <param name="ViaPubSub">True for <c>via: pubsub</c>: commands go through the broker.</param>
public sealed record ParticipantDefinition(string Name, Uri? Url, string? App, bool ViaPubSub);
