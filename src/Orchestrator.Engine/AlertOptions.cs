using System.Collections.Immutable;

namespace Orchestrator.Engine;

/// <summary>Whom an engine tells when a saga wants a person.</summary>
public sealed record AlertOptions
{
    /// <summary>Whom; nobody by default, and then nothing is looked for.</summary>
    public ImmutableArray<AlertTarget> Targets { get; init; } = [];

    /// <summary>
    /// How long a saga must have been overdue or in doubt: most put themselves right in a moment. A stuck one is told
    /// at once. At least zero. Default 30 seconds.
    /// </summary>
    public TimeSpan After { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between two looks; at least 100 milliseconds. Default 2 seconds.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>Somebody who is told. Immutable.</summary>
/// <param name="Name">A name for people; how far it was told is stored under it.</param>
/// <param name="Url">Where it is told: an http or https address.</param>
public sealed record AlertTarget(string Name, Uri Url)
{
    /// <summary>What it is told of; everything by default.</summary>
    public ImmutableSortedSet<AlertReason> On { get; init; } = [.. Enum.GetValues<AlertReason>()];

    /// <summary>Sent as a bearer token; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Signs what is sent (HMAC-SHA256 as in Standard Webhooks); null for no signature.</summary>
    public string? Secret { get; init; }

    /// <summary>No secret is ever part of a text.</summary>
    public override string ToString() => Name;
}

/// <summary>What a saga can want a person for. The numbers are stored.</summary>
public enum AlertReason
{
    /// <summary>Trying alone is not expected to help.</summary>
    Stuck = 0,

    /// <summary>It is past its expiry and has not ended.</summary>
    Overdue = 1,

    /// <summary>A confirmed participant owes an undo.</summary>
    InDoubt = 2,
}
