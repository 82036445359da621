namespace Orchestrator.Contract;

/// <summary>
/// What a participant accepts from the wire. A message beyond a limit is answered with a problem that names it.
/// </summary>
public static class WireLimits
{
    /// <summary>
    /// Characters of a saga id. It is half of a primary key, and SQL Server allows 900 bytes for the whole key.
    /// </summary>
    public const int SagaId = 100;

    /// <summary>Characters of a step with its <c>~2</c>, for the same reason.</summary>
    public const int Step = 200;

    /// <summary>Characters of an action.</summary>
    public const int Action = 200;

    /// <summary>Characters of an event id: saga, step and command with two slashes.</summary>
    public const int EventId = 400;

    /// <summary>Characters of a source, which is a path with a definition's name.</summary>
    public const int Source = 400;

    /// <summary>Characters of every attribute that is a word, a number or an instant.</summary>
    public const int Word = 40;

    /// <summary>Characters of a trace context that is passed on; version 00 has 55.</summary>
    public const int TraceParent = 200;

    /// <summary>Bytes of a body unless a participant is configured otherwise: 1 MiB.</summary>
    public const int Body = 1024 * 1024;

    /// <summary>Levels of nesting in data: what JSON readers take unless they are told otherwise.</summary>
    public const int Nesting = 64;

    /// <summary>
    /// Bytes an event in the structured mode may need around its data: attributes of ours and of sidecars.
    /// </summary>
    public const int Envelope = 16 * 1024;

    /// <summary>Sagas in one batch of endings.</summary>
    public const int EndedSagas = 1000;

    /// <summary>Characters of a refusal's text that are kept; the rest is cut off.</summary>
    public const int RefusalText = 2000;

    /// <summary>Longest <c>sagaremaining</c>, so that adding it to an instant cannot overflow: ten years.</summary>
    public static readonly TimeSpan Remaining = TimeSpan.FromDays(3650);
}
