using System.Net.Http.Headers;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Calling;

/// <summary>Shows a participant that it is the orchestrator that calls.</summary>
public static class TokenHeader
{
    private const string Bearer = "Bearer";

    /// <summary>Adds the participant's token, when one is configured.</summary>
    public static void AddTo(HttpRequestMessage request, IParticipantTokens? tokens, ParticipantEntry to)
    {
        if (tokens?.TokenFor(to.Name, to.Url) is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue(Bearer, token);
    }
}
