using Orchestrator.Core.History;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Relaying;

/// <summary>
/// Over the broker: the command is written to the outbox, and the answer is an event. A call that hears nothing within
/// its timeout knows nothing: it is sent again with the same id.
/// </summary>
internal sealed class PubSubWay(Outbox outbox, Replies replies, IEventPublisher publisher, TimeProvider time)
    : IParticipantWay
{
    /// <inheritdoc />
    public async Task<Answer> CallAsync(ParticipantEntry to, ParticipantCall call, CancellationToken cancel)
    {
        if (call.AskAt is not null)
            return Broken($"Participant '{to.Name}' answered 202 with a location, where nobody can ask over a broker.");
        using var wait = replies.Expect(CommandRequests.IdOf(call));
        if (wait.Answer.IsCompletedSuccessfully) return await wait.Answer;
        using var limit = new CancellationTokenSource(call.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            var written = outbox.AddAsync(CommandEvents.Of(call, time.GetUtcNow()));
            await written.UntilAsync(both.Token);
            if (await written is { } trouble) return Broken(trouble);
            await wait.Answer.UntilAsync(both.Token);
            return await wait.Answer;
        }
        catch (OperationCanceledException)
        {
            if (wait.Answer.IsCompletedSuccessfully) return await wait.Answer;
            cancel.ThrowIfCancellationRequested();
            return new Answer { Status = 0, Silence = Silence.TimedOut };
        }
    }

    /// <inheritdoc />
    public async Task<bool> TellEndedAsync(
        ParticipantEntry to, IReadOnlyList<EndingRow> endings, CancellationToken cancel)
    {
        // Endings are kept until they are told, so they need no outbox.
        var published = await publisher.PublishAsync(CommandEvents.Of(to.Name, endings, time.GetUtcNow()), cancel);
        return published.Fate == PublishFate.Accepted;
    }

    private static Answer Broken(string text) =>
        new() { Status = 0, Silence = Silence.Broken, Text = AnswerReader.Cut(text) };
}
