namespace Orchestrator.Engine;

/// <summary>Every limit of calls and endings, with its reason.</summary>
public static class EngineLimits
{
    /// <summary>Largest body of an answer that is read, in bytes: a saga's outputs live in memory and in its history.</summary>
    public const int MaxAnswerBytes = 1024 * 1024;

    /// <summary>Longest text of a participant that is kept, in characters: it goes into history, lists and logs.</summary>
    public const int MaxTextLength = 2000;

    /// <summary>Longest header value of an answer that is kept: code, ledger, state.</summary>
    public const int MaxTokenLength = 200;

    /// <summary>Longest Location of a 202 that is asked at.</summary>
    public const int MaxLocationLength = 2000;

    /// <summary>Deepest nesting of an answer's JSON: what the API takes as input as well.</summary>
    public const int MaxJsonDepth = 64;

    /// <summary>Addresses of commands kept ready; a definition has few, so this is far more than a service has.</summary>
    public const int MaxCachedAddresses = 10_000;

    /// <summary>Sagas told in one request that tells endings.</summary>
    public const int MaxEndingsPerRequest = 500;

    /// <summary>How long a request that tells endings may take: nobody waits for it, but it holds a connection.</summary>
    public static readonly TimeSpan EndingsTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A pooled connection is made anew after this, so that a moved DNS name is noticed.</summary>
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How long making a connection may take at most; the call's own timeout is often shorter.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
}
