using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Calling;

/// <summary>Directly over HTTP, to the address in the registry.</summary>
/// <param name="time">The clock.</param>
/// <param name="tokens">What participants ask for, when it was added to the services; else no tokens are sent.</param>
/// <param name="network">What carries the requests, when it was added to the services; else sockets.</param>
internal sealed class HttpWay(
    TimeProvider time, IParticipantTokens? tokens = null, HttpMessageHandler? network = null)
    : IParticipantWay, IDisposable
{
    private readonly HttpCalls calls = new(time, network);

    /// <inheritdoc />
    public Task<Answer> CallAsync(ParticipantEntry to, ParticipantCall call, CancellationToken cancel) =>
        calls.SendAsync(to.Url!, call, request => TokenHeader.AddTo(request, tokens, to), silence: null, cancel);

    /// <inheritdoc />
    public Task<bool> TellEndedAsync(ParticipantEntry to, IReadOnlyList<EndingRow> endings, CancellationToken cancel) =>
        calls.TellEndedAsync(to.Url!, endings, request => TokenHeader.AddTo(request, tokens, to), cancel);

    /// <inheritdoc />
    public void Dispose() => calls.Dispose();
}
