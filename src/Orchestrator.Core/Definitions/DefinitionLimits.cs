using Orchestrator.Contract;

namespace Orchestrator.Core.Definitions;

/// <summary>
/// What a definition may contain at most. Each limit keeps one wrong file from costing everybody else.
/// </summary>
public static class DefinitionLimits
{
    /// <summary>Bytes of a definition's file: the same as of every other body.</summary>
    public const int FileBytes = 1024 * 1024;

    /// <summary>
    /// Nesting of a definition's file and of JSON anywhere: the default of System.Text.Json, so everybody can read it.
    /// </summary>
    public const int Depth = WireLimits.Nesting;

    /// <summary>Values (properties and items, at any depth) of a file: far more than a hundred steps need.</summary>
    public const int Nodes = 10_000;

    /// <summary>Steps of a definition: every one is a call, a row in listings and a part of the history.</summary>
    public const int Steps = 100;

    /// <summary>Participants of a definition.</summary>
    public const int Participants = 100;

    /// <summary>
    /// Characters of a name (definition, step, participant, action, app): names are parts of keys and paths.
    /// </summary>
    public const int NameLength = 64;

    /// <summary>Characters of a participant's address and of a path.</summary>
    public const int UrlLength = 1024;

    /// <summary>Characters of a query.</summary>
    public const int QueryLength = 1024;

    /// <summary>Selectors of a query: data is at most <see cref="Depth" /> deep.</summary>
    public const int QuerySelectors = Depth;

    /// <summary>Queries of one <c>input</c> or <c>output</c>.</summary>
    public const int Queries = 1000;

    /// <summary>Fields a definition may mark as secret.</summary>
    public const int Secrets = 100;

    /// <summary>
    /// Bytes of what a mapping makes. A definition may name a large input many times, so without it a small start could
    /// become gigabytes.
    /// </summary>
    public const int MappedBytes = 4 * 1024 * 1024;

    /// <summary>Problems reported at once; a file with more of them has one cause.</summary>
    public const int Problems = 100;

    /// <summary>The longest duration that is read anywhere.</summary>
    public static TimeSpan Duration { get; } = TimeSpan.FromDays(365);

    /// <summary>The longest timeout of one call: it holds a connection all the while.</summary>
    public static TimeSpan CallTimeout { get; } = TimeSpan.FromHours(1);

    /// <summary>The longest wait between two attempts: what is due should still happen the same day.</summary>
    public static TimeSpan RetryWait { get; } = TimeSpan.FromDays(1);

    /// <summary>The largest growth of the wait per attempt.</summary>
    public const int RetryFactor = 100;

    /// <summary>Most attempts before a saga is stuck.</summary>
    public const int RetryAttempts = 1000;
}
