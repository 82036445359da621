using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine;

namespace Orchestrator.Dapr.Translating;

/// <summary>
/// A saga as far as an instance's history was folded. Kept from turn to turn, so that a turn costs what is new; changed
/// by <see cref="HistoryReader" /> alone. Not safe for several threads.
/// </summary>
internal sealed class InstanceFold(string instanceId, string executionId)
{
    private readonly SortedDictionary<int, SagaEvent> open = [];
    private readonly HashSet<int> scheduled = [];

    /// <summary>The instance.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>Its execution: another one after a continue-as-new or an overwriting start.</summary>
    public string ExecutionId { get; } = executionId;

    /// <summary>Sidecar's events folded so far.</summary>
    public int Count { get; set; }

    /// <summary>The saga; null before the instance's start was folded.</summary>
    public StartedSaga? Saga { get; private set; }

    /// <summary>What the instance was started with, and every event of the saga since then, in order.</summary>
    public List<RecordedEvent> Events { get; } = [];

    /// <summary>Seq of the first event that is not from the input.</summary>
    public int InputVersion { get; private set; }

    /// <summary>Bytes of what the instance was started with; every request for a turn carries them.</summary>
    public int InputBytes { get; set; }

    /// <summary>The instant of the last thing that happened; decisions carry it.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>True once the sidecar ended the instance: what is decided now goes out through the next one.</summary>
    public bool IsTerminated { get; set; }

    /// <summary>While the past is read: the decision that was recorded for a place of the history, or null.</summary>
    public Func<int, DateTimeOffset, SagaEvent?>? Recorded { get; set; }

    /// <summary>Verbs that were raised with an id, and what became of them.</summary>
    public List<(string Id, VerbRuling Ruling)> Verbs { get; } = [];

    /// <summary>
    /// Decisions the sidecar does not have: newly made ones, those of a turn it failed to save, and those an earlier
    /// instance or execution left. All of them go out with the answer to this turn, with the ids they always had.
    /// </summary>
    public IEnumerable<RecordedEvent> Unscheduled =>
        open.Where(entry => !scheduled.Contains(entry.Key)).Select(entry => new RecordedEvent(entry.Key, entry.Value));

    /// <summary>True while an action is scheduled whose outcome is not known.</summary>
    public bool HasCallsUnderWay => open.Any(entry => entry.Value is CallSent && scheduled.Contains(entry.Key));

    /// <summary>Begins with an instance's input; <paramref name="at" /> is when the instance was started.</summary>
    public void Begin(InstanceInput input, SagaDefinition definition, DateTimeOffset at, bool decides)
    {
        if (input.Version == 1)
        {
            SagaState before = SagaDecider.Before(definition);
            Take(before, input.Start, decides);
            if (input.AfterTerminate) Terminate(at, decides);
            return;
        }

        InputVersion = input.Version;
        SagaState state = SagaDecider.Before(definition);
        foreach (var (seq, e) in input.Events)
        {
            state = SagaDecider.Evolve(state, e);
            Events.Add(new RecordedEvent(seq, e));
            Track(seq, e);
        }

        Saga = (StartedSaga)state with { Version = input.Version };
        At = Saga.LastAt;
        if (input.AfterTerminate) Terminate(at, decides);
        DropWhatNobodyAsksFor(decides);
    }

    /// <summary>Something happened. What an earlier event was recorded to have caused comes before it.</summary>
    public void Take(SagaEvent e, bool decides)
    {
        if (!decides) TakeRecorded();
        Take(Saga!, e, decides);
    }

    /// <summary>Takes the decisions that are recorded for the next places of the history.</summary>
    public void TakeRecorded()
    {
        while (Saga is { } saga && Recorded?.Invoke(saga.Version, At) is { } decided)
        {
            // The data of a first do is in the saga's state and not in the action.
            if (decided is CallSent { Command: CommandKind.Do, Attempt: 1, AskAt: null } first)
                decided = first with { Data = saga.FindKey(first.Step)?.Data };
            // An action always carries an expiry, the history only one that was moved.
            if (decided is CallSent sent && sent.ExpiresAt == saga.Start.ExpiresAt)
                decided = sent with { ExpiresAt = null };
            Keep(SagaDecider.Evolve(saga, decided), decided);
        }
    }

    /// <summary>The sidecar has the action of that id.</summary>
    public void IsScheduled(int id) => scheduled.Add(id);

    /// <summary>
    /// True when the action of that id is in the sidecar's history; a completion without it is an orphan.
    /// </summary>
    public bool HasScheduled(int id) => scheduled.Contains(id);

    /// <summary>The decision of that id, while its outcome is open.</summary>
    public SagaEvent? Open(int id) => open.GetValueOrDefault(id);

    /// <summary>True when the id stands for a decision of ours that is known.</summary>
    public bool Knows(int id) => id < Saga?.Version;

    /// <summary>The outcome of an action has come.</summary>
    public void Close(int id) => open.Remove(id);

    private void Terminate(DateTimeOffset at, bool decides)
    {
        var verb = new SagaVerb.Terminate { Actor = RaisedVerb.UnknownActor };
        var ruling = VerbRules.Judge(Saga!, verb, SagaTurn.InstantFor(Saga!, at));
        if (ruling is VerbRuling.Allowed allowed) Take(allowed.Event, decides);
    }

    private void Take(SagaState state, SagaEvent e, bool decides)
    {
        At = e.At;
        if (!decides)
        {
            Keep(SagaDecider.Evolve(state, e), e);
            return;
        }

        var recorded = new List<SagaEvent>();
        var after = (StartedSaga)SagaTurn.Take(state, e, recorded);
        var seq = after.Version - recorded.Count;
        foreach (var each in recorded)
        {
            Events.Add(new RecordedEvent(seq, each));
            Track(seq++, each);
        }

        Saga = after;
    }

    private void Keep(SagaState after, SagaEvent e)
    {
        Saga = (StartedSaga)after;
        Events.Add(new RecordedEvent(Saga.Version - 1, e));
        Track(Saga.Version - 1, e);
    }

    private void Track(int seq, SagaEvent e)
    {
        switch (e)
        {
            case CallSent or TimerSet or SagaEnded:
                open[seq] = e;
                break;
            case CallAnswered answered:
                Remove(entry => entry is CallSent sent && sent.Step == answered.Step
                    && sent.Command == answered.Command && sent.Attempt == answered.Attempt
                    && sent.Extension == answered.Extension);
                break;
            case TimerPassed passed:
                Remove(entry => entry is TimerSet set && set.Timer == passed.Timer);
                break;
            default:
                // Whatever else happens opens and closes no action.
                break;
        }
    }

    /// <summary>
    /// A decision that is closed in the turn that made it still goes out: the past is put in order by the decisions it
    /// holds, so none of them may be missing. A timer that nobody waits for any more fires for nothing.
    /// </summary>
    private void Remove(Func<SagaEvent, bool> isIt)
    {
        foreach (var (id, e) in open.ToList())
            if (isIt(e) && (scheduled.Contains(id) || id < InputVersion))
                open.Remove(id);
    }

    /// <summary>
    /// An instance that takes over sends what the one before may or may not have sent, but not what the saga has
    /// meanwhile turned away from.
    /// </summary>
    private void DropWhatNobodyAsksFor(bool decides)
    {
        foreach (var (id, e) in open.ToList())
        {
            if (e is SagaEnded) Close(id);
            if (e is TimerSet timer && !Saga!.OpenTimers().Any(set => set.Timer == timer.Timer)) Close(id);
            if (e is not CallSent sent) continue;
            switch (CallFates.Of(Saga!, sent))
            {
                case CallFate.Send:
                    break;
                case CallFate.Drop:
                    Close(id);
                    break;
                case CallFate.CountAsBroken:
                    const string text = "the instance that sent it was ended before its answer came";
                    Take(AnswerPayload.Silent(sent, Saga!.LastAt, text), decides);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException("Unknown fate.");
            }
        }
    }
}
