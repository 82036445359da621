using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine;

namespace Orchestrator.Dapr.Translating;

/// <summary>
/// Folds a sidecar's history into a saga. What was decided in the past is in the history and is taken from there, not
/// decided again, so a newer version of the decider goes on where an older one was. What is new is decided event by
/// event, each at its own instant, so that a turn the sidecar failed to save repeats its decisions with their ids,
/// whatever comes behind them.
/// </summary>
/// <param name="definitions">Finds a version of a definition; null when it is not stored.</param>
internal sealed class HistoryReader(Func<string, int, SagaDefinition?> definitions)
{
    /// <summary>
    /// Folds what <paramref name="fold" /> has not seen of a request. Throws
    /// <see cref="UnreadableInstanceException" />.
    /// </summary>
    public void Read(InstanceFold fold, WorkflowRequest request)
    {
        try
        {
            while (fold.Count < request.Past.Count) ReadBlock(fold, request.Past);
            foreach (var e in request.Fresh) TakeIn(fold, e, decides: true);
            fold.Count += request.Fresh.Count;
        }
        catch (FormatException e)
        {
            throw new UnreadableInstanceException(e.Message, e);
        }
    }

    /// <summary>The execution an instance's history belongs to.</summary>
    public static string ExecutionOf(WorkflowRequest request)
    {
        foreach (var e in request.Past.Concat(request.Fresh))
            if (e.KindCase == HistoryEvent.KindOneofCase.ExecutionStarted)
                return e.ExecutionStarted.Instance?.ExecutionId ?? "";
        return "";
    }

    /// <summary>
    /// One turn of the past: what had happened, then the actions it caused. The seq of a decision is the id of its
    /// action, so the two are put back into the order in which they were folded then.
    /// </summary>
    private void ReadBlock(InstanceFold fold, RepeatedField<HistoryEvent> past)
    {
        var end = fold.Count + 1;
        while (end < past.Count && past[end].KindCase != HistoryEvent.KindOneofCase.WorkflowStarted) end++;
        var actions = new Dictionary<int, HistoryEvent>();
        for (var i = fold.Count; i < end; i++)
            if (IsAction(past[i]))
                actions[past[i].EventId] = past[i];
        fold.Recorded = (seq, at) => actions.TryGetValue(seq, out var action) ? DecisionOf(action, at) : null;
        for (var i = fold.Count; i < end; i++)
            if (!IsAction(past[i]))
                TakeIn(fold, past[i], decides: false);
        fold.TakeRecorded();
        fold.Recorded = null;
        foreach (var id in actions.Keys)
        {
            if (!fold.Knows(id))
                throw new FormatException($"The history holds action {id}, which follows from nothing in it.");
            fold.IsScheduled(id);
        }

        fold.Count = end;
    }

    private static bool IsAction(HistoryEvent e) =>
        e.KindCase is HistoryEvent.KindOneofCase.TaskScheduled or HistoryEvent.KindOneofCase.TimerCreated;

    private static SagaEvent DecisionOf(HistoryEvent e, DateTimeOffset at) => e.KindCase switch
    {
        HistoryEvent.KindOneofCase.TaskScheduled => CallPayload.Read(e.TaskScheduled.Input).ToSent(at),
        HistoryEvent.KindOneofCase.TimerCreated when e.TimerCreated.Name == ActionWriter.EndedTimer =>
            new SagaEnded { At = at, Outcome = SagaOutcome.Compensated },
        HistoryEvent.KindOneofCase.TimerCreated => new TimerSet
        {
            At = at,
            Timer = e.TimerCreated.Name,
            DueAt = Instants.ToMilliseconds(e.TimerCreated.FireAt.ToDateTimeOffset()),
        },
        _ => throw new FormatException($"{e.KindCase} is no action."),
    };

    private void TakeIn(InstanceFold fold, HistoryEvent e, bool decides)
    {
        if (e.KindCase == HistoryEvent.KindOneofCase.ExecutionStarted)
        {
            Begin(fold, e, decides);
            return;
        }

        if (!decides) fold.TakeRecorded();
        if (fold.Saga is not { } saga) return;
        var at = SagaTurn.InstantFor(saga, InstantOf(e.Timestamp, saga.LastAt));
        switch (e.KindCase)
        {
            case HistoryEvent.KindOneofCase.TaskCompleted:
                Answered(fold, e.TaskCompleted.TaskScheduledId, decides,
                    sent => AnswerPayload.Read(e.TaskCompleted.Result, sent, at));
                break;
            case HistoryEvent.KindOneofCase.TaskFailed:
                Answered(fold, e.TaskFailed.TaskScheduledId, decides,
                    sent => AnswerPayload.Silent(sent, at, $"the call broke: {e.TaskFailed.Failure?.ErrorMessage}"));
                break;
            case HistoryEvent.KindOneofCase.TimerFired:
                Fired(fold, e.TimerFired.TimerId, at, decides);
                break;
            case HistoryEvent.KindOneofCase.EventRaised:
                Raised(fold, e.EventRaised, at, decides);
                break;
            case HistoryEvent.KindOneofCase.Suspended or HistoryEvent.KindOneofCase.Resumed
                or HistoryEvent.KindOneofCase.ExecutionTerminated:
                Verb(fold, VerbOf(e), at, decides);
                fold.IsTerminated |= e.KindCase == HistoryEvent.KindOneofCase.ExecutionTerminated;
                break;
            default:
                // A turn's beginning, its end, or a kind a newer sidecar has: none says anything about the saga.
                break;
        }
    }

    /// <summary>What an operator means who pauses, resumes or terminates an instance.</summary>
    private static SagaVerb VerbOf(HistoryEvent e) => e.KindCase switch
    {
        HistoryEvent.KindOneofCase.Suspended =>
            new SagaVerb.Suspend { Actor = RaisedVerb.UnknownActor, Reason = e.Suspended.Reason },
        HistoryEvent.KindOneofCase.Resumed => new SagaVerb.Resume { Actor = RaisedVerb.UnknownActor },
        HistoryEvent.KindOneofCase.ExecutionTerminated => new SagaVerb.Terminate { Actor = RaisedVerb.UnknownActor },
        _ => throw new System.Diagnostics.UnreachableException($"{e.KindCase} is no verb."),
    };

    private void Begin(InstanceFold fold, HistoryEvent e, bool decides)
    {
        var input = InstanceInput.Read(e.ExecutionStarted.Input);
        fold.InputBytes = e.ExecutionStarted.CalculateSize();
        if (InstanceIds.NumberOf(fold.InstanceId, input.Start.SagaId) is null)
            throw new ForeignInstanceException(input.Start.SagaId);
        var definition = definitions(input.Start.Definition, input.Start.DefinitionVersion)
            ?? throw new UnreadableInstanceException(
                $"Version {input.Start.DefinitionVersion} of definition {input.Start.Definition} is not in the store; "
                + "put back a backup that has it.");
        fold.Begin(input, definition, InstantOf(e.Timestamp, input.Start.At), decides);
    }

    /// <summary>
    /// A completion without its action in the history comes from a turn the sidecar failed to save. It is passed over,
    /// and the action goes out again with its id.
    /// </summary>
    private static void Answered(InstanceFold fold, int id, bool decides, Func<CallSent, CallAnswered> read)
    {
        if (!fold.HasScheduled(id) || fold.Open(id) is not CallSent sent) return;
        fold.Close(id);
        fold.Take(read(sent), decides);
    }

    private static void Fired(InstanceFold fold, int id, DateTimeOffset at, bool decides)
    {
        if (!fold.HasScheduled(id) || fold.Open(id) is not { } decided) return;
        fold.Close(id);
        if (decided is TimerSet set) Passed(fold, set.Timer, at, decides);
    }

    private static void Passed(InstanceFold fold, string timer, DateTimeOffset at, bool decides)
    {
        if (fold.Saga!.OpenTimers().Any(open => open.Timer == timer))
            fold.Take(new TimerPassed { At = at, Timer = timer }, decides);
    }

    private static void Raised(InstanceFold fold, EventRaised raised, DateTimeOffset at, bool decides)
    {
        if (raised.Name.Equals(RaisedVerb.Poke, StringComparison.OrdinalIgnoreCase))
        {
            foreach (var due in fold.Saga!.OpenTimers().Where(timer => timer.DueAt <= at).ToList())
                Passed(fold, due.Timer, at, decides);
            return;
        }

        if (RaisedVerb.Read(raised.Name, raised.Input) is not { } read) return;
        var ruling = RecordedFor(fold, read.Verb.Batch) is { } before
            ? new VerbRuling.Allowed(before)
            : Verb(fold, read.Verb, at, decides);
        if (decides && read.Raised.Id is { } id) fold.Verbs.Add((id, ruling));
    }

    /// <summary>
    /// The verb of a batch that the saga has recorded already. A batch raises it again when it does not know whether an
    /// earlier raise came through; what happened in between must not be taken back by the second one.
    /// </summary>
    private static VerbRequested? RecordedFor(InstanceFold fold, string? batch) => batch is null
        ? null
        : fold.Events.Select(each => each.Event).OfType<VerbRequested>().FirstOrDefault(verb => verb.Batch == batch);

    private static VerbRuling Verb(InstanceFold fold, SagaVerb verb, DateTimeOffset at, bool decides)
    {
        var ruling = VerbRules.Judge(fold.Saga!, verb, at);
        if (ruling is VerbRuling.Allowed allowed) fold.Take(allowed.Event, decides);
        return ruling;
    }

    private static DateTimeOffset InstantOf(Timestamp? timestamp, DateTimeOffset otherwise) =>
        timestamp?.ToDateTimeOffset() ?? otherwise;
}
