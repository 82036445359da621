namespace Orchestrator.Engine.Ports;

/// <summary>
/// One way to participants: directly, through a sidecar, over a broker. The router picks it by the registry's entry at
/// every call. Safe for any number of threads.
/// </summary>
public interface IParticipantWay
{
    /// <summary>Sends the call once; see <see cref="IParticipantCaller.CallAsync" />.</summary>
    Task<Core.History.Answer> CallAsync(ParticipantEntry to, ParticipantCall call, CancellationToken cancel);

    /// <summary>Tells endings; see <see cref="IParticipantCaller.TellEndedAsync" />.</summary>
    Task<bool> TellEndedAsync(ParticipantEntry to, IReadOnlyList<EndingRow> endings, CancellationToken cancel);
}
