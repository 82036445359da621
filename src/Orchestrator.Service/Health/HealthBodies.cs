namespace Orchestrator.Service.Health;

/// <summary>Answer of <c>/healthz</c>.</summary>
internal sealed record AliveBody(bool Alive);

/// <summary>
/// Answer of <c>/readyz</c>. <paramref name="Warning" /> says what a person should change although starts are accepted.
/// </summary>
internal sealed record ReadyBody(bool Ready, double OldestDueAgeSeconds, string? Warning);
