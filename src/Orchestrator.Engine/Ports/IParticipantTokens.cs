namespace Orchestrator.Engine.Ports;

/// <summary>
/// The tokens participants ask their callers for. Without it in the services none is sent. Safe for any number of
/// threads.
/// </summary>
public interface IParticipantTokens
{
    /// <summary>
    /// The token to send to a participant that is called at <paramref name="address" />; null when none is configured.
    /// It is a secret: it goes into one header and nowhere else.
    /// </summary>
    string? TokenFor(string participant, Uri? address);
}
