using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Tests.Core;

/// <summary>
/// One saga among participants with ledgers of their own and a network that repeats, delays and reorders whatever was
/// ever sent. A list of numbers is a run: each chooses the next move, so a run can be repeated and shrunk.
/// </summary>
internal sealed class RandomWorld
{
    private readonly Dictionary<string, ModelLedger> ledgers;
    private readonly List<CallSent> sent = [];
    private readonly List<CallAnswered> answers = [];
    private bool mayRefuse = true;

    public RandomWorld(SagaDefinition definition)
    {
        ledgers = definition.Steps.ToDictionary(step => step.Name, step => new ModelLedger(step.Kind));
        State = SagaDecider.Before(definition);
        Record(new SagaStarted
        {
            At = Now,
            SagaId = "saga-1",
            Definition = definition.Name,
            DefinitionVersion = 1,
            Input = JsonData.FromText("{}"),
            ExpiresAt = Now + definition.Deadline,
        });
    }

    public SagaState State { get; private set; }

    public StartedSaga Saga => (StartedSaga)State;

    public List<SagaEvent> History { get; } = [];

    public IReadOnlyDictionary<string, ModelLedger> Ledgers => ledgers;

    private DateTimeOffset Now { get; set; } = Story.Start;

    public void Move(int choice)
    {
        var pick = choice / 10;
        Now = Now.AddMilliseconds(pick % 7);
        switch (choice % 10)
        {
            case 0 or 1 or 2:
                if (sent.Count > 0) Deliver(sent[pick % sent.Count], (pick / 3) % 4 == 0);
                break;
            case 3 or 4 or 5:
                if (answers.Count > 0) Record(answers[pick % answers.Count] with { At = Now });
                break;
            case 6:
                var open = Saga.OpenCalls().ToList();
                if (open.Count > 0) TimeOut(open[pick % open.Count].Sent);
                break;
            case 7:
                var timers = Saga.OpenTimers().ToList();
                if (timers.Count > 0) Pass(timers[pick % timers.Count]);
                break;
            case 8:
                // Every participant's clock is free: its own expiry may pass at any moment.
                ledgers.ElementAt(pick % ledgers.Count).Value.OwnClockPassesExpiry();
                break;
            case 9:
                Verb(pick);
                break;
        }
    }

    /// <summary>
    /// From here on it is resumed, everything is delivered, nobody refuses and timers pass: the saga has to end.
    /// </summary>
    public void Heal()
    {
        mayRefuse = false;
        if (Saga.Suspended) Record(new ResumeRequested { At = Now, Actor = "ann" });
        for (var round = 0; State is not Ended; round++)
        {
            round.Should().BeLessThan(300, "with fair delivery every saga ends");
            foreach (var call in Saga.OpenCalls().ToList())
            {
                if (State is Ended) break;
                Deliver(call.Sent, false);
                Record(answers[^1] with { At = Now });
            }

            var waits = Saga.OpenTimers().Where(wait => wait.Timer != TimerNames.Deadline);
            foreach (var timer in State is Ended ? [] : waits.ToList())
                if (State is not Ended)
                    Pass(timer);
        }
    }

    /// <summary>Everything that was ever sent arrives once more.</summary>
    public void Echo()
    {
        foreach (var call in sent.ToList()) Deliver(call, false);
        foreach (var answer in answers.ToList()) Record(answer with { At = Now });
    }

    private void Deliver(CallSent call, bool refuse)
    {
        var ledger = ledgers[call.Step];
        if (call.Command == CommandKind.Do && ledger.Kind == StepKind.Pivot && ledger.State == ModelState.None)
            ledgers.Values.Should().NotContain(
                l => l.Kind == StepKind.Compensatable && l.State != ModelState.Confirmed,
                "the pivot never runs while an armed participant is unconfirmed");
        answers.Add(new CallAnswered
        {
            At = Now,
            Step = call.Step,
            Command = call.Command,
            Attempt = call.Attempt,
            Answer = ledger.Take(call.Command, refuse && mayRefuse),
        });
    }

    private void TimeOut(CallSent call) => Record(new CallAnswered
    {
        At = Now,
        Step = call.Step,
        Command = call.Command,
        Attempt = call.Attempt,
        Answer = new Answer { Status = 0, Silence = Silence.TimedOut },
    });

    private void Pass(TimerSet timer)
    {
        if (timer.DueAt > Now) Now = timer.DueAt;
        Record(new TimerPassed { At = Now, Timer = timer.Timer });
    }

    private void Verb(int pick)
    {
        SagaVerb verb = (pick % 16) switch
        {
            0 or 1 => new SagaVerb.Cancel { Actor = "ann" },
            2 => new SagaVerb.Terminate { Actor = "ann" },
            3 or 4 or 5 or 6 => new SagaVerb.Suspend { Actor = "ann" },
            7 or 8 or 9 or 10 => new SagaVerb.Resume { Actor = "ann" },
            _ => new SagaVerb.Retry { Actor = "ann" },
        };
        if (VerbRules.Judge(Saga, verb, Now) is VerbRuling.Allowed allowed) Record(allowed.Event);
    }

    private void Record(SagaEvent e)
    {
        Fold(e);
        foreach (var next in SagaDecider.Decide(State, e.At))
        {
            Fold(next);
            if (next is CallSent call) sent.Add(call);
        }
    }

    private void Fold(SagaEvent e)
    {
        State = SagaDecider.Evolve(State, e);
        History.Add(e);
    }
}

internal enum ModelState
{
    None,
    Held,
    Confirmed,
    Undone,
    Refused,
    Barred,
}

/// <summary>
/// The ledger table of protocol.md section 2 in its plainest form; an unarmed one knows only done and undone.
/// </summary>
internal sealed class ModelLedger(StepKind kind)
{
    public StepKind Kind => kind;

    public ModelState State { get; private set; }

    public bool UndoneByOwnClock { get; private set; }

    public bool WasConfirmed { get; private set; }

    public void OwnClockPassesExpiry()
    {
        if (kind != StepKind.Compensatable || State != ModelState.Held) return;
        State = ModelState.Undone;
        UndoneByOwnClock = true;
    }

    public Answer Take(CommandKind command, bool refuse) => (command, State) switch
    {
        (CommandKind.Do, ModelState.None) when refuse && kind == StepKind.Retriable => Problem(409, "refused"),
        (CommandKind.Do, ModelState.None) =>
            Enter(refuse ? ModelState.Refused : Kept, refuse ? Problem(409, "refused") : Fine),
        (CommandKind.Do, ModelState.Held or ModelState.Confirmed) => Fine,
        (CommandKind.Do, ModelState.Refused) => Problem(409, "refused"),
        (CommandKind.Do, ModelState.Undone) => Problem(410, "undone"),
        (CommandKind.Do, ModelState.Barred) => Problem(410, "barred"),
        (CommandKind.Confirm, ModelState.Held or ModelState.Confirmed) => Enter(ModelState.Confirmed, Fine),
        (CommandKind.Confirm, ModelState.None) => Enter(ModelState.Barred, Problem(410, "barred")),
        (CommandKind.Confirm, _) => Problem(410, "undone"),
        (CommandKind.Undo, ModelState.None) => Enter(ModelState.Barred, Fine),
        (CommandKind.Undo, ModelState.Held or ModelState.Confirmed) => Enter(ModelState.Undone, Fine),
        (CommandKind.Undo, _) => Fine,
        _ => throw new InvalidOperationException($"{command} in {State}"),
    };

    private ModelState Kept => kind == StepKind.Compensatable ? ModelState.Held : ModelState.Confirmed;

    private Answer Fine => new() { Status = 200, LedgerState = State.ToString().ToLowerInvariant(), Ledger = "L" };

    private Answer Enter(ModelState state, Answer answer)
    {
        State = state;
        WasConfirmed |= state == ModelState.Confirmed;
        return answer with { LedgerState = state.ToString().ToLowerInvariant() };
    }

    private static Answer Problem(int status, string code) => new() { Status = status, Code = code };
}
