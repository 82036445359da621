using System.Collections.Concurrent;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine;
using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// Carries out scheduled calls: each participant has a lane of its own. Safe for any number of threads.
/// </summary>
internal sealed class CallRunner
{
    private readonly ConcurrentDictionary<string, CallLane> lanes = new();
    private readonly IParticipantCaller caller;
    private readonly CatalogState catalog;
    private readonly SagaReads reads;
    private readonly Replies replies;
    private readonly TimeProvider time;
    private readonly Log log;

    /// <summary>Limits come from the registry, as it changes.</summary>
    public CallRunner(
        IParticipantCaller caller, CatalogState catalog, SagaReads reads, Replies replies, TimeProvider time, Log log)
    {
        this.caller = caller;
        this.catalog = catalog;
        this.reads = reads;
        this.replies = replies;
        this.time = time;
        this.log = log;
        catalog.ParticipantChanged = entry => LaneOf(entry.Name).Change(entry.Concurrency, entry.Paused);
    }

    /// <summary>Figures of every lane.</summary>
    public IReadOnlyList<ParticipantFigures> Figures() =>
        [.. lanes.Values.Select(lane => lane.Figures()).OrderBy(figures => figures.Name, StringComparer.Ordinal)];

    /// <summary>
    /// Carries out a call and answers the sidecar's question with what was said. Throws only
    /// <see cref="OperationCanceledException" />; then nobody knows what became of it, and it is not to be answered.
    /// </summary>
    public async Task<ActivityResponse> RunAsync(ActivityRequest request, CancellationToken cancel)
    {
        var response = new ActivityResponse { InstanceId = request.Instance.InstanceId, TaskId = request.TaskId };
        try
        {
            var payload = CallPayload.Read(request.Input);
            var answer = await CallAsync(payload, cancel);
            // With the answer it becomes part of the sidecar's history, so every turn that folds it waits as long.
            var retry = catalog.Current.RetryOf(payload.Call.Participant);
            response.Result = AnswerPayload.Write(payload.Call, answer, time.GetUtcNow(), retry);
        }
        catch (FormatException e)
        {
            log.NoCall(response.InstanceId, e.Message);
            response.Failure = new Failure { ErrorType = "NoCall", ErrorMessage = e.Message, NonRetriable = true };
        }

        return response;
    }

    /// <summary>
    /// The sidecar has the answer of a call in its history: when it came over the broker, that may be told now.
    /// </summary>
    public void Recorded(ActivityRequest request)
    {
        if (!replies.IsRecording) return;
        var call = CallPayload.Read(request.Input).Call;
        replies.Recorded(call.SagaId, call.Step, call.Command, call.Extension);
    }

    private async Task<Answer> CallAsync(CallPayload payload, CancellationToken cancel)
    {
        var lane = LaneOf(payload.Call.Participant);
        await lane.EnterAsync(cancel);
        Answer? answer = null;
        try
        {
            answer = await SendAsync(payload, cancel);
            return answer;
        }
        finally
        {
            lane.Leave(answer);
        }
    }

    private async Task<Answer> SendAsync(CallPayload payload, CancellationToken cancel)
    {
        var call = payload.Call;
        try
        {
            if (!payload.LeavesDataOut) return await caller.CallAsync(call, cancel);
            return await DataOfAsync(call, cancel) is { } data
                ? await caller.CallAsync(call with { Data = data }, cancel)
                : Broken("it was not sent: its data is in our store, and cannot be read there");
        }
        catch (StoreUnavailableException e)
        {
            return Broken($"it was not sent: its data is in our store, and that cannot be read. {e.Message}");
        }
        // A caller that throws is a bug; the call must still come to an end, or its saga would wait for ever.
#pragma warning disable CA1031
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.CallerBroke(call.Participant, e);
            return Broken("the caller met an error of its own");
        }
    }

    private async Task<JsonData?> DataOfAsync(ParticipantCall call, CancellationToken cancel) =>
        (await reads.FindAsync(call.SagaId, cancel))?.FindKey(call.Step)?.Data;

    private static Answer Broken(string text) => new() { Status = 0, Silence = Silence.Broken, Text = text };

    private CallLane LaneOf(string participant)
    {
        if (lanes.TryGetValue(participant, out var known)) return known;
        var entry = catalog.Current.Participants.GetValueOrDefault(participant);
        return lanes.GetOrAdd(
            participant,
            new CallLane(
                participant, entry?.Concurrency ?? ParticipantEntry.DefaultConcurrency, entry?.Paused ?? false));
    }
}
