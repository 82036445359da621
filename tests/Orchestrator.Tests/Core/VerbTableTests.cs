using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using static Orchestrator.Tests.Core.Moves;
using static Orchestrator.Tests.Core.Story;

namespace Orchestrator.Tests.Core;

/// <summary>Every cell of the table of verbs by phase in docs/protocol.md section 4.</summary>
public sealed class VerbTableTests
{
    private static readonly Dictionary<string, Func<StartedSaga>> Sagas = new()
    {
        ["doing"] = () => Of(),
        ["doing, extending"] = () => Of(Done("a"), Extend(90)),
        ["confirming"] = () => Of(Done("a"), Done("b")),
        ["pivot"] = () => Of(Done("a"), Done("b"), Confirmed("a"), Confirmed("b")),
        ["pivot without ledger"] = () =>
            Of(Done("a"), Done("b"), Confirmed("a"), Confirmed("b"), Says("p", CommandKind.Do, 422)),
        ["finishing"] = () => Of(Done("a"), Done("b"), Confirmed("a"), Confirmed("b"), Done("p")),
        ["compensating"] = () => Of(Done("a"), Cancelled()),
        ["compensating, b undone"] = () => Of(Done("a"), Silent("b", CommandKind.Do), Cancelled(), Undone("b")),
        ["compensating, confirmed"] = () => Of(Done("a"), Done("b"), Cancelled(), Undone("b")),
        ["compensated"] = () => Of(Cancelled(), Undone("a")),
        ["completed"] = () =>
            Of(Done("a"), Done("b"), Confirmed("a"), Confirmed("b"), Done("p"), Done("r"), Done("s")),
        ["unverified"] = () => Of(Cancelled(), Silent("a", CommandKind.Undo), Resolve("a", Resolution.Undone)),
    };

    private static readonly Dictionary<string, SagaVerb> Verbs = new()
    {
        ["cancel"] = new SagaVerb.Cancel { Actor = "ann" },
        ["retry"] = new SagaVerb.Retry { Actor = "ann" },
        ["suspend"] = new SagaVerb.Suspend { Actor = "ann" },
        ["resume"] = new SagaVerb.Resume { Actor = "ann" },
        ["extend"] = new SagaVerb.Extend { Actor = "ann", ExpiresAt = Start.AddSeconds(120) },
        ["extend, equal"] = new SagaVerb.Extend { Actor = "ann", ExpiresAt = Start.AddSeconds(60) },
        ["extend, shorter"] = new SagaVerb.Extend { Actor = "ann", ExpiresAt = Start.AddSeconds(59) },
        ["extend, too far"] = new SagaVerb.Extend { Actor = "ann", ExpiresAt = Start.AddHours(1).AddSeconds(1) },
        ["resend a"] = new SagaVerb.Resend { Actor = "ann", Step = "a" },
        ["resend b"] = new SagaVerb.Resend { Actor = "ann", Step = "b" },
        ["resend p"] = new SagaVerb.Resend { Actor = "ann", Step = "p" },
        ["resend r"] = new SagaVerb.Resend { Actor = "ann", Step = "r" },
        ["resend x"] = new SagaVerb.Resend { Actor = "ann", Step = "x" },
        ["edit a"] = Edit("a"),
        ["edit b"] = Edit("b"),
        ["edit p"] = Edit("p"),
        ["edit r"] = Edit("r"),
        ["edit s"] = Edit("s"),
        ["done a"] = Word("a", Resolution.Done),
        ["done p"] = Word("p", Resolution.Done),
        ["done r"] = Word("r", Resolution.Done),
        ["done s"] = Word("s", Resolution.Done),
        ["undone a"] = Word("a", Resolution.Undone),
        ["undone b"] = Word("b", Resolution.Undone),
        ["undone p"] = Word("p", Resolution.Undone),
        ["undone r"] = Word("r", Resolution.Undone),
    };

    /// <summary>Phase, verb, and the code of its 409; "" when it is taken.</summary>
    public static TheoryData<string, string, string> Table { get; } = Read("""
        doing                | cancel; retry; suspend; resume; extend; resend a; edit a  |
        doing                | extend, equal                        |
        doing                | extend, shorter; extend, too far     | not-extended
        doing                | resend x                             | no-such-step
        doing                | resend b; resend p                   | nothing-to-resend
        doing                | edit b; edit p; edit r               | not-sent
        doing                | done a; done p; done r; undone a; undone p | not-in-this-phase
        doing, extending     | cancel; retry; suspend; resume; resend b; edit b  |
        doing, extending     | extend                               | not-extended
        confirming           | cancel; retry; suspend; resume; resend a; resend b |
        confirming           | extend; edit a; edit p; done a; done p; undone a; undone p | not-in-this-phase
        pivot                | retry; suspend; resume; resend p; edit p; undone p |
        pivot                | cancel; extend                       | past-the-point-of-no-return
        pivot                | done p                               | ask-the-ledger
        pivot                | edit a                               | already-answered
        pivot                | edit r                               | not-sent
        pivot                | resend r                             | nothing-to-resend
        pivot                | done a; undone a; done r             | not-in-this-phase
        pivot without ledger | done p; resend p; edit p             |
        pivot without ledger | undone p                             | no-ledger
        finishing            | retry; suspend; resume; resend r; edit r; done r |
        finishing            | cancel; extend                       | past-the-point-of-no-return
        finishing            | edit p                               | already-answered
        finishing            | edit s; done s                       | not-sent
        finishing            | done a; done p; undone a; undone p; undone r | not-in-this-phase
        compensating         | cancel; retry; suspend; resume; resend b; undone b |
        compensating         | extend; edit a; edit b; done a; done p | not-in-this-phase
        compensating         | undone a; undone p                   | nothing-to-resolve
        compensating         | resend a                             | nothing-to-resend
        compensating, b undone | resend a; undone a                 |
        compensating, b undone | resend b                           | nothing-to-resend
        compensating, b undone | undone b                           | nothing-to-resolve
        compensating, confirmed | resend a                          |
        compensating, confirmed | resend b                          | nothing-to-resend
        compensated          | cancel; retry; suspend; resume; extend; resend a; edit a; done a; undone a | finished
        completed            | cancel; retry; suspend; resume; extend; resend r; edit r; done r; undone a | finished
        unverified           | cancel; retry; suspend; resume; extend; resend a; edit a; done a; undone a | finished
        """);

    [Theory]
    [MemberData(nameof(Table))]
    public void A_verb_is_taken_or_refused_as_the_table_says(string phase, string verb, string code)
    {
        var saga = Sagas[phase]();

        var ruling = VerbRules.Judge(saga, Verbs[verb], saga.LastAt);

        if (code.Length == 0)
        {
            var e = (VerbRequested)ruling.Should().BeOfType<VerbRuling.Allowed>().Subject.Event;
            e.Actor.Should().Be("ann");
            ((StartedSaga)SagaDecider.Evolve(saga, e)).Version.Should().Be(saga.Version + 1);
            return;
        }

        var refused = ruling.Should().BeOfType<VerbRuling.NotAllowed>().Subject;
        refused.Code.Should().Be(code);
        refused.Text.Should().Contain(saga.Start.SagaId);
    }

    /// <summary>A verb that was refused and gets into the history all the same changes nothing.</summary>
    [Theory]
    [MemberData(nameof(Table))]
    public void A_refused_verb_in_a_history_changes_nothing(string phase, string verb, string code)
    {
        if (code.Length == 0) return;
        var saga = Sagas[phase]();
        if (Verbs[verb] is not (SagaVerb.Resend { Data: not null } or SagaVerb.Resolve)) return;
        var e = Verbs[verb] switch
        {
            SagaVerb.Resend resend =>
                (SagaEvent)new ResendRequested
                {
                    At = saga.LastAt,
                    Actor = "ann",
                    Step = resend.Step,
                    Data = resend.Data,
                },
            SagaVerb.Resolve resolve =>
                new ResolveRequested { At = saga.LastAt, Actor = "ann", Step = resolve.Step, As = resolve.As },
            var other => throw new InvalidOperationException(other.ToString()),
        };

        var after = SagaDecider.Evolve(saga, e);

        (after with { Version = saga.Version }).Should().BeEquivalentTo(
            (SagaState)saga, options => options.RespectingRuntimeTypes().Excluding(state => state.Definition));
        SagaDecider.Decide(after, saga.LastAt).Should().BeEmpty();
    }

    [Theory]
    [InlineData("doing", "cancel, retry, suspend, extend", "resend, resend-data")]
    [InlineData("doing, extending", "cancel, retry, suspend", "resend")]
    [InlineData("confirming", "cancel, retry, suspend", "resend")]
    [InlineData("pivot", "retry, suspend", "")]
    [InlineData("finishing", "retry, suspend", "")]
    [InlineData("compensating", "cancel, retry", "")]
    [InlineData("compensated", "rerun, delete", "")]
    [InlineData("completed", "rerun, delete", "")]
    [InlineData("unverified", "", "")]
    public void A_saga_names_the_verbs_it_takes(string phase, string ofSaga, string ofFirstStep)
    {
        var saga = Sagas[phase]();

        StepVerbs.OfSaga(saga).Should().Equal(Split(ofSaga, ", "));
        StepVerbs.Of(saga, saga.Steps[0]).Should().Equal(Split(ofFirstStep, ", "));
    }

    [Fact]
    public void A_step_names_the_verbs_it_takes()
    {
        var pivot = Sagas["pivot"]();
        StepVerbs.Of(pivot, pivot.Steps[2]).Should().Equal("resend", "resend-data", "resolve-undone");
        var bare = Sagas["pivot without ledger"]();
        StepVerbs.Of(bare, bare.Steps[2]).Should().Equal("resend", "resend-data", "resolve-done");
        var finishing = Sagas["finishing"]();
        StepVerbs.Of(finishing, finishing.Steps[3]).Should().Equal("resend", "resend-data", "resolve-done");
        var back = Sagas["compensating"]();
        StepVerbs.Of(back, back.Steps[1]).Should().Equal("resend", "resolve-undone");
        var undone = Sagas["compensating, b undone"]();
        StepVerbs.Of(undone, undone.Steps[1]).Should().BeEmpty("its do is over, whether it was answered or not");
        undone.HasWaiting("p-b").Should().BeFalse();
    }

    [Theory]
    [InlineData("doing", false, "still-running")]
    [InlineData("finishing", true, "still-running")]
    [InlineData("compensated", false, null)]
    [InlineData("completed", false, "needs-force")]
    [InlineData("completed", true, null)]
    [InlineData("unverified", true, "unverified")]
    public void An_ended_saga_is_run_again_unless_work_might_stand_twice(string phase, bool force, string? code) =>
        (VerbRules.WhyNoRerun(Sagas[phase](), force)?.Code).Should().Be(code);

    private static StartedSaga Of(params Func<Story, SagaEvent>[] moves) =>
        Given(TestDefinitions.Of("a", "b", "p:pivot", "r:retriable", "s:retriable")).When(moves).Saga;

    private static SagaVerb.Resend Edit(string step) =>
        new() { Actor = "ann", Step = step, Data = JsonData.FromText("""{"other":1}""") };

    private static SagaVerb.Resolve Word(string step, Resolution resolution) =>
        new() { Actor = "ann", Step = step, As = resolution };

    private static TheoryData<string, string, string> Read(string table)
    {
        var data = new TheoryData<string, string, string>();
        foreach (var line in table.Split('\n'))
        {
            var cells = line.Split('|');
            foreach (var verb in Split(cells[1], ";"))
                data.Add(cells[0].Trim(), verb, cells[2].Trim());
        }

        return data;
    }

    private static string[] Split(string text, string by) =>
        text.Split(by, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
