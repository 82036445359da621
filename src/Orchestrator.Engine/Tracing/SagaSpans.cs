using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Core.History;
using Orchestrator.Engine.Calling;
using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Tracing;

/// <summary>
/// The spans of a saga: its start, each turn, each call, and the whole of it once it has ended. They carry names, ids,
/// numbers and codes, never data, texts of participants, keys or tags. While nobody listens they cost a comparison.
/// Whether a saga is recorded is decided at its start and stored with it. Safe for any number of threads.
/// </summary>
public static class SagaSpans
{
    /// <summary>Name of the source to listen to.</summary>
    public const string SourceName = "Orchestrator";

    private const int MostEventsNamed = 16;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// A request to start a saga; null when it is not recorded and its trace goes on as it came. Its id is stored with
    /// the start, and every other span of the saga hangs below it.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="again">The start of the saga that is run again; null for a new one.</param>
    internal static Activity? Start(StartRequest request, SagaStarted? again)
    {
        if (!Source.HasListeners()) return null;
        // Without a trace of the caller's this is a root: the web server's own span is told to nobody.
        if (!ActivityContext.TryParse(request.TraceParent, null, isRemote: true, out var parent))
            Activity.Current = null;
        var span = Source.StartActivity($"start {request.Definition.Name}", ActivityKind.Server, parent);
        if (span is not { IsAllDataRequested: true }) return span;
        span.SetTag(SpanTags.Definition, request.Definition.Name);
        span.SetTag(SpanTags.DefinitionVersion, request.Definition.Version);
        return again is null ? span : LinkTo(span, again);
    }

    /// <summary>What became of the start.</summary>
    internal static void Started(Activity? span, StartOutcome outcome)
    {
        if (span is not { IsAllDataRequested: true }) return;
        switch (outcome)
        {
            case StartOutcome.Started started:
                span.SetTag(SpanTags.Saga, started.Saga.Start.SagaId);
                break;
            case StartOutcome.AlreadyStarted known:
                // Its calls are in the trace of the request that came first.
                LinkTo(span, known.Saga.Start).SetTag(SpanTags.Saga, known.Saga.Start.SagaId);
                break;
            case StartOutcome.KeyReused reused:
                span.SetTag(SpanTags.Saga, reused.SagaId).SetTag(SpanTags.ErrorType, "key-reused");
                break;
            case StartOutcome.Unavailable:
                span.SetTag(SpanTags.ErrorType, "unavailable").SetStatus(ActivityStatusCode.Error);
                break;
            default:
                throw new UnreachableException($"Unknown outcome {outcome.GetType().Name}.");
        }
    }

    /// <summary>
    /// A turn that was committed, from taking up what happened to the commit. Null when it is not recorded.
    /// </summary>
    internal static Activity? Turn(PendingTurn turn, DateTimeOffset from, DateTimeOffset to)
    {
        var saga = (StartedSaga)turn.State;
        if (Begin("turn", ActivityKind.Internal, saga, from) is not { } span) return null;
        span.SetTag(SpanTags.Phase, $"{turn.View.Phase}".ToLowerInvariant());
        span.SetTag(SpanTags.Version, saga.Version);
        span.SetTag(
            SpanTags.Events, string.Join(", ", turn.Events.Take(MostEventsNamed).Select(e => e.GetType().Name)));
        if (turn.View.Stuck) span.SetTag(SpanTags.Stuck, true);
        span.SetEndTime(to.UtcDateTime);
        return span;
    }

    /// <summary>A saga that has ended, from its start to its end.</summary>
    internal static void Whole(Ended saga)
    {
        var span = Begin($"saga {saga.Start.Definition}", ActivityKind.Internal, saga, saga.Start.At);
        if (span is null) return;
        span.SetTag(SpanTags.Outcome, saga.End.Outcome == SagaOutcome.Completed
            ? WireWords.Completed
            : WireWords.Compensated);
        if (saga.Reason is { } reason) span.SetTag(SpanTags.Reason, reason.Code);
        span.SetEndTime(saga.End.At.UtcDateTime);
        span.Dispose();
    }

    /// <summary>A call to a participant; null when it is not recorded.</summary>
    internal static Activity? Call(ParticipantCall call)
    {
        if (!Source.HasListeners() || !SagaTrace.TryRead(call.SagaId, call.TraceParent, out var parent)) return null;
        var command = WireWords.Of(call.Command);
        var span = Source.StartActivity($"{command} {call.Step.Split('~', 2)[0]}", ActivityKind.Client, parent);
        if (span is not { IsAllDataRequested: true }) return span;
        span.SetTag(SpanTags.Saga, call.SagaId);
        span.SetTag(SpanTags.Definition, call.Definition);
        span.SetTag(SpanTags.Step, call.Step);
        span.SetTag(SpanTags.Command, command);
        span.SetTag(SpanTags.Attempt, call.Attempt);
        span.SetTag(SpanTags.Participant, call.Participant);
        if (call.AskAt is not null) span.SetTag(SpanTags.Asks, true);
        return span;
    }

    /// <summary>What came of the call.</summary>
    internal static void Answered(Activity? span, Answer answer)
    {
        if (span is not { IsAllDataRequested: true }) return;
        var word = AnswerWords.Of(answer);
        span.SetTag(SpanTags.Answer, word);
        if (answer.Status != 0) span.SetTag(SpanTags.HttpStatus, answer.Status);
        if (WireWords.TryRead(answer.LedgerState, out LedgerState state))
            span.SetTag(SpanTags.LedgerState, WireWords.Of(state));
        if (!AnswerWords.IsFailure(answer)) return;
        span.SetTag(SpanTags.ErrorType, word).SetStatus(ActivityStatusCode.Error);
    }

    private static Activity? Begin(string name, ActivityKind kind, StartedSaga saga, DateTimeOffset from)
    {
        var start = saga.Start;
        if (!Source.HasListeners() || !SagaTrace.TryRead(start.SagaId, start.TraceParent, out var parent)) return null;
        var span = Source.StartActivity(name, kind, parent, tags: null, links: null, from);
        if (span is not { IsAllDataRequested: true })
        {
            span?.Dispose();
            return null;
        }

        span.SetTag(SpanTags.Saga, start.SagaId);
        span.SetTag(SpanTags.Definition, start.Definition);
        span.SetTag(SpanTags.DefinitionVersion, start.DefinitionVersion);
        return span;
    }

    private static Activity LinkTo(Activity span, SagaStarted other) =>
        SagaTrace.TryRead(other.SagaId, other.TraceParent, out var context)
            ? span.AddLink(new ActivityLink(context))
            : span;
}
