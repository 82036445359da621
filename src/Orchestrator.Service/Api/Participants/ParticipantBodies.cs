using Orchestrator.Contract;

namespace Orchestrator.Service.Api.Participants;

/// <summary>All registered participants.</summary>
internal sealed record ParticipantListBody(IReadOnlyList<ParticipantBody> Items);

/// <summary>A registered participant; whether a token is configured for it, never which.</summary>
internal sealed record ParticipantBody(
    string Name, string? Url, string? App, string? Via, int Concurrency, bool Paused, JsonData? Retry, bool HasToken);

/// <summary>What waits of participants.</summary>
/// <param name="Sagas">Sagas with such a call.</param>
/// <param name="Unreachable">Orchestrators that could not be asked; what their sagas wait for is not among it.</param>
internal sealed record ReleaseBody(long Sagas, int Unreachable);
