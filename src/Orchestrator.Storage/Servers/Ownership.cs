namespace Orchestrator.Storage.Servers;

/// <summary>What an engine has of a store that several share.</summary>
/// <param name="Token">Never given to another one.</param>
/// <param name="LastNumber">Number of its last commit; below zero while it has none.</param>
/// <param name="Commits">How often it has written.</param>
internal sealed record Ownership(long Token, long LastNumber, long Commits);
