using System.Diagnostics;

namespace Orchestrator.Core.Definitions;

/// <summary>Why a query was not filled in.</summary>
public enum GapCause
{
    /// <summary>It found nothing.</summary>
    Missing,

    /// <summary>What it found would nest the value deeper than <see cref="DefinitionLimits.Depth" />.</summary>
    TooDeep,

    /// <summary>What it found would make the value larger than <see cref="DefinitionLimits.MappedBytes" />.</summary>
    TooLarge,
}

/// <summary>A query that was not filled in.</summary>
/// <param name="Query">As it is written in the definition.</param>
/// <param name="Cause">Why.</param>
public sealed record MappingGap(string Query, GapCause Cause)
{
    /// <summary>What the query is, to go after "is" or "was".</summary>
    public string Fault => Cause switch
    {
        GapCause.Missing => "missing",
        GapCause.TooDeep => $"too deep (the whole value may nest {DefinitionLimits.Depth} levels)",
        GapCause.TooLarge => $"too large (the whole value may have {DefinitionLimits.MappedBytes} bytes)",
        _ => throw new UnreachableException($"Unknown cause {Cause}."),
    };
}
