using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Tests.Core;

/// <summary>
/// One saga among participants with ledgers of their own, a row per key, and a network that repeats, delays and
/// reorders whatever was ever sent. A list of numbers is a run: each chooses the next move, so a run can be repeated
/// and shrunk.
/// </summary>
internal sealed class RandomWorld
{
    private readonly Dictionary<string, ModelLedger> ledgers = [];
    private readonly SagaDefinition definition;
    private readonly List<CallSent> sent = [];
    private readonly List<CallAnswered> answers = [];
    private bool mayRefuse = true;

    public RandomWorld(SagaDefinition definition)
    {
        this.definition = definition;
        foreach (var step in definition.Steps) LedgerOf(step.Name);
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
    /// From here on it is resumed, everything is delivered, nobody refuses and timers pass: the saga has to end, and
    /// everybody it names as unverified has to answer.
    /// </summary>
    public void Heal()
    {
        mayRefuse = false;
        if (Saga.Suspended) Record(new ResumeRequested { At = Now, Actor = "ann" });
        for (var round = 0; !Saga.IsClosed(); round++)
        {
            round.Should().BeLessThan(300, "with fair delivery every saga ends");
            foreach (var call in Saga.OpenCalls().ToList())
            {
                if (Saga.IsClosed()) break;
                Deliver(call.Sent, false);
                Record(answers[^1] with { At = Now });
            }

            var waits = Saga.OpenTimers().Where(wait => !TimerNames.IsDeadline(wait.Timer));
            foreach (var timer in waits.ToList())
                if (!Saga.IsClosed())
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
        var ledger = LedgerOf(call.Step);
        if (call.Command == CommandKind.Do && ledger.Kind == StepKind.Pivot && ledger.State == ModelState.None)
            Saga.Steps.Should().NotContain(
                step => step.IsArmed && LedgerOf(step.Key).State != ModelState.Confirmed,
                "the pivot never runs while an armed participant is unconfirmed");
        answers.Add(new CallAnswered
        {
            At = Now,
            Step = call.Step,
            Command = call.Command,
            Attempt = call.Attempt,
            Extension = call.Extension,
            Answer = ledger.Take(call, call.ExpiresAt ?? Saga.Start.ExpiresAt, refuse && mayRefuse),
            Retry = RetryOf(call),
        });
        if (ledger.Kind != StepKind.Unarmed)
            ledgers.Where(pair => NameOf(pair.Key) == NameOf(call.Step)).Count(pair => pair.Value.IsInEffect)
                .Should().BeLessThanOrEqualTo(1, "no participant ever keeps two keys of a step");

    }

    private void TimeOut(CallSent call) => Record(new CallAnswered
    {
        At = Now,
        Step = call.Step,
        Command = call.Command,
        Attempt = call.Attempt,
        Extension = call.Extension,
        Answer = new Answer { Status = 0, Silence = Silence.TimedOut },
        Retry = RetryOf(call),
    });

    /// <summary>What an operator says of retries changes from call to call.</summary>
    private static RetryOverride? RetryOf(CallSent call) => (call.Attempt % 3) switch
    {
        0 => RetryOverride.None with { Attempts = 1, Longest = TimeSpan.FromMilliseconds(300) },
        1 => null,
        _ => new RetryOverride(TimeSpan.FromSeconds(2), 1, TimeSpan.FromSeconds(4), 7, TimeSpan.FromMilliseconds(50)),
    };

    private void Pass(TimerSet timer)
    {
        if (timer.DueAt > Now) Now = timer.DueAt;
        Record(new TimerPassed { At = Now, Timer = timer.Timer });
    }

    private void Verb(int pick)
    {
        var step = definition.Steps[pick / 29 % definition.Steps.Length].Name;
        var data = JsonData.FromText($$"""{"n":{{pick % 5}}}""");
        SagaVerb verb = (pick % 29) switch
        {
            0 or 1 => new SagaVerb.Cancel { Actor = "ann" },
            2 => new SagaVerb.Terminate { Actor = "ann" },
            3 or 4 or 5 or 6 => new SagaVerb.Suspend { Actor = "ann" },
            7 or 8 or 9 or 10 => new SagaVerb.Resume { Actor = "ann" },
            11 or 12 or 13 =>
                new SagaVerb.Extend { Actor = "ann", ExpiresAt = Saga.ExpiresAt.AddSeconds(pick / 29 % 3 * 10) },
            14 or 15 => new SagaVerb.Resend { Actor = "ann", Step = step },
            16 or 17 or 18 or 19 => new SagaVerb.Resend { Actor = "ann", Step = step, Data = data },
            20 or 21 or 22 => new SagaVerb.Resolve { Actor = "ann", Step = step, As = Resolution.Done, Output = data },
            23 or 24 or 25 => new SagaVerb.Resolve { Actor = "ann", Step = step, As = Resolution.Undone },
            27 => new SagaVerb.Retry { Actor = "ann", Participant = "p-" + step },
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
        var before = (State as StartedSaga)?.ExpiresAt;
        State = SagaDecider.Evolve(State, e);
        History.Add(e);
        if (before is { } earlier) Saga.ExpiresAt.Should().BeOnOrAfter(earlier, "a deadline is never shortened");
        if (before != Saga.ExpiresAt) CheckHolds();
    }

    /// <summary>The saga's own deadline moves last: whoever holds something holds it at least as long.</summary>
    private void CheckHolds()
    {
        foreach (var step in Saga.Steps)
            if (step.IsArmed && LedgerOf(step.Key) is { State: ModelState.Held } ledger)
                ledger.ExpiresAt.Should().BeOnOrAfter(Saga.ExpiresAt, $"{step.Key} has to hold as long as the saga");
    }

    private ModelLedger LedgerOf(string key)
    {
        if (ledgers.TryGetValue(key, out var known)) return known;
        return ledgers[key] = new ModelLedger(definition.Steps.Single(step => step.Name == NameOf(key)).Kind);
    }

    private static string NameOf(string key) => key.Split('~')[0];
}
