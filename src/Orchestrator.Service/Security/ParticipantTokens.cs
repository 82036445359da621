using System.Collections.Concurrent;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Service.Security;

/// <summary>
/// The configured tokens of participants. One that is in a file is read again now and then, so that it can be exchanged
/// while the service runs. Safe for any number of threads.
/// </summary>
internal sealed class ParticipantTokens(
    SecuritySettings settings, TimeProvider time, ILogger<ParticipantTokens> logger) : IParticipantTokens
{
    private readonly ConcurrentDictionary<string, (string Token, long ReadAt)> read = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> warned = new(StringComparer.Ordinal);

    /// <summary>True when a token is configured for a participant.</summary>
    public bool Has(string participant) => settings.ParticipantTokens.ContainsKey(participant);

    /// <inheritdoc />
    public string? TokenFor(string participant, Uri? address)
    {
        if (!settings.ParticipantTokens.TryGetValue(participant, out var source))
        {
            if (address is { IsLoopback: false } && warned.TryAdd(participant, true))
                logger.NoParticipantToken(participant, address.Authority);
            return null;
        }

        return source.Token ?? FromFile(participant, source.File!);
    }

    private string? FromFile(string participant, string file)
    {
        var known = read.GetValueOrDefault(participant);
        if (known.Token is not null && time.GetElapsedTime(known.ReadAt) < ServiceLimits.TokenFileLook)
            return known.Token;
        var now = time.GetTimestamp();
        // While it cannot be read, or holds no token, the last one counts: it may just be being exchanged.
        if (ParticipantToken.ReadFile(file) is { } token) known.Token = token;
        else logger.ParticipantTokenUnreadable(participant, file);
        if (known.Token is not null) read[participant] = (known.Token, now);
        return known.Token;
    }
}

/// <summary>Where the token of a participant is; exactly one of the two. Immutable.</summary>
/// <param name="Token">The token itself.</param>
/// <param name="File">The file that holds it.</param>
internal sealed record ParticipantToken(string? Token, string? File)
{
    private const int Shortest = 16;
    private const int Longest = 4096;

    /// <summary>True for what can be sent as a token and cannot be guessed by trying.</summary>
    public static bool IsToken(string text) =>
        text.Length is >= Shortest and <= Longest && text.All(c => c is > ' ' and <= '~');

    /// <summary>The token a file holds; null when it cannot be read or holds none.</summary>
    public static string? ReadFile(string file)
    {
        try
        {
            if (new FileInfo(file).Length > Longest * 2) return null;
            var text = System.IO.File.ReadAllText(file).Trim();
            return IsToken(text) ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>No secret is ever part of a text.</summary>
    public override string ToString() => File is null ? "a token" : $"a token in {File}";
}
