using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Measuring;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Tracing;

namespace Orchestrator.Engine.Calling;

/// <summary>
/// Picks the way to a participant by its entry in the registry, at every call: a participant that moved can still be
/// undone. An undo over a silent broker takes turns with the direct way.
/// </summary>
internal sealed class RoutingParticipantCaller(
    IParticipantRegistry registry, ParticipantWays ways, RecentCalls recent, EngineMeter meter, TimeProvider time)
    : IParticipantCaller
{
    /// <inheritdoc />
    public Task<Answer> CallAsync(ParticipantCall call, CancellationToken cancel)
    {
        if (registry.Find(call.Participant) is not { } entry)
        {
            return Task.FromResult(HttpCalls.Broken(
                $"Participant '{call.Participant}' is not registered. "
                + $"Register it with PUT /participants/{call.Participant}."));
        }

        if (WhyNot(entry) is { } why) return Task.FromResult(HttpCalls.Broken(why));
        if (entry.Retry?.Timeout is { } timeout) call = call with { Timeout = timeout };
        return MeasureAsync(entry, call, cancel);
    }

    /// <inheritdoc />
    public async Task<bool> TellEndedAsync(
        string participant, IReadOnlyList<EndingRow> endings, CancellationToken cancel)
    {
        if (registry.Find(participant) is not { } entry || WhyNot(entry) is not null) return false;
        if (entry.ViaPubSub && await ways.PubSub!.TellEndedAsync(entry, endings, cancel)) return true;
        return DirectWay(entry) is { } direct && await direct.TellEndedAsync(entry, endings, cancel);
    }

    /// <inheritdoc />
    public string? WhyNot(ParticipantDefinition participant) => WhyNot(new ParticipantEntry(
        participant.Name, participant.Url, participant.App, participant.ViaPubSub, ParticipantEntry.DefaultConcurrency,
        false));

    private async Task<Answer> MeasureAsync(ParticipantEntry entry, ParticipantCall call, CancellationToken cancel)
    {
        using var span = SagaSpans.Call(call);
        if (span is not null) call = call with { TraceParent = span.Id };
        var since = time.GetTimestamp();
        var answer = await WayFor(entry, call).CallAsync(entry, call, cancel);
        var took = time.GetElapsedTime(since);
        recent.Note(entry.Name, answer, took);
        meter.Called(call, answer, took);
        SagaSpans.Answered(span, answer);
        return answer;
    }

    // A 202 was said by one of the ways, and is asked after there.
    private IParticipantWay WayFor(ParticipantEntry entry, ParticipantCall call)
    {
        var direct = DirectWay(entry);
        if (!entry.ViaPubSub) return direct!;
        var takesTurns = call.Command == CommandKind.Undo && call.Attempt % 2 == 0;
        return direct is not null && (takesTurns || call.AskAt is not null) ? direct : ways.PubSub!;
    }

    private IParticipantWay? DirectWay(ParticipantEntry entry) =>
        entry.App is not null ? ways.App : entry.Url is not null ? ways.Direct : null;

    private string? WhyNot(ParticipantEntry entry)
    {
        if (entry.ViaPubSub && ways.PubSub is null)
        {
            return $"Participant '{entry.Name}' is reached via pubsub, which needs a Dapr sidecar. "
                + "Start the service with dapr run, or leave \"via\" out.";
        }

        if (entry.App is not null)
        {
            return ways.App is not null
                ? null
                : $"Participant '{entry.Name}' is the Dapr app '{entry.App}', which needs a Dapr sidecar. "
                    + "Start the service with dapr run, or give it a url.";
        }

        return entry.Url is { IsAbsoluteUri: true, Scheme: "http" or "https" }
            ? null
            : $"Participant '{entry.Name}' has no http or https address. "
                + $"Give it one with PUT /participants/{entry.Name}.";
    }
}
