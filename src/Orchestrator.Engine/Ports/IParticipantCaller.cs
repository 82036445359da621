using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Engine.Ports;

/// <summary>Brings one command to a participant. Safe for any number of threads.</summary>
public interface IParticipantCaller
{
    /// <summary>
    /// Sends the call once and answers what was said, or that nothing was: a timeout, a broken connection, an address
    /// that is not known. Throws only <see cref="OperationCanceledException" />, and only when
    /// <paramref name="cancel" /> asks for it; then nobody knows what became of the call.
    /// </summary>
    Task<Answer> CallAsync(ParticipantCall call, CancellationToken cancel);

    /// <summary>
    /// Tells a participant which sagas have ended; true when it knows now, or does not care to (404).
    /// </summary>
    Task<bool> TellEndedAsync(string participant, IReadOnlyList<EndingRow> endings, CancellationToken cancel);

    /// <summary>
    /// Why this caller cannot reach a participant as the definition names it, in a sentence for a person; null when it
    /// can. Definitions that name one it cannot reach are refused where they are put.
    /// </summary>
    string? WhyNot(ParticipantDefinition participant);
}
