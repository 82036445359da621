using Orchestrator.Core.Definitions;

namespace Orchestrator.Engine.Ports;

/// <summary>
/// The stored definitions. Versions are never changed or removed. Safe for any number of threads; reads come from
/// memory.
/// </summary>
public interface IDefinitionCatalog
{
    /// <summary>
    /// Stores the next version of a definition that was read without a problem, and registers its participants that are
    /// not yet known, in one transaction. Another address for a known participant refuses it. The actor is who asks for
    /// it, kept with the version; one that is known keeps the actor it was stored by.
    /// </summary>
    Task<PutDefinitionOutcome> PutAsync(
        SagaDefinition definition, PutDefinitionMode mode, string actor, CancellationToken cancel);

    /// <summary>
    /// The given version, or the newest one when <paramref name="version" /> is null; null when there is none.
    /// </summary>
    SagaDefinition? Find(string name, int? version = null);

    /// <summary>All versions of all definitions, by name and version.</summary>
    IReadOnlyList<StoredDefinition> List();
}

/// <summary>When a definition counts as known.</summary>
public enum PutDefinitionMode
{
    /// <summary>It equals the newest version (PUT).</summary>
    UnlessNewest,

    /// <summary>It equals any stored version (files at start).</summary>
    UnlessStored,
}

/// <summary>A stored version.</summary>
/// <param name="Definition">It.</param>
/// <param name="StoredAt">Since when.</param>
/// <param name="Actor">Who stored it; null for one from before this was recorded.</param>
public sealed record StoredDefinition(SagaDefinition Definition, DateTimeOffset StoredAt, string? Actor);

/// <summary>What became of a put. A closed union.</summary>
public abstract record PutDefinitionOutcome
{
    private PutDefinitionOutcome()
    {
    }

    /// <summary>A new version is on disk.</summary>
    public sealed record Stored(SagaDefinition Definition) : PutDefinitionOutcome;

    /// <summary>It is known; nothing changed.</summary>
    public sealed record Known(SagaDefinition Definition) : PutDefinitionOutcome;

    /// <summary>A participant is registered at another address.</summary>
    public sealed record AddressDiffers(IReadOnlyList<string> Participants) : PutDefinitionOutcome;

    /// <summary>The store cannot be written.</summary>
    public sealed record Unavailable(string Text) : PutDefinitionOutcome;
}
