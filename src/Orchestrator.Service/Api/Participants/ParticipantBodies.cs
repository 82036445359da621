namespace Orchestrator.Service.Api.Participants;

/// <summary>All registered participants.</summary>
internal sealed record ParticipantListBody(IReadOnlyList<ParticipantBody> Items);

/// <summary>A registered participant.</summary>
internal sealed record ParticipantBody(
    string Name, string? Url, string? App, string? Via, int Concurrency, bool Paused);
