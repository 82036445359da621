using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Tests.Contract;

/// <summary>What holds for the ledger's rules over any run of commands, clocks and answers.</summary>
public sealed class LedgerRulesTests
{
    private const int Runs = 3000;
    private const int StepsPerRun = 14;

    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan StaleAfter = TimeSpan.FromDays(1);

    [Fact]
    public void The_action_runs_at_most_once_and_its_undo_at_most_once_after_it() => Play((_, world) =>
    {
        world.Done.Should().BeLessThanOrEqualTo(1, world.Story);
        world.Undone.Should().BeLessThanOrEqualTo(world.Done, world.Story);
    });

    [Fact]
    public void What_is_final_stays_as_it_is() => Play((before, world) =>
    {
        if (before is not { IsFinal: true }) return;
        world.Row!.State.Should().Be(before.State, world.Story);
        world.Row.Code.Should().Be(before.Code, world.Story);
    });

    [Fact]
    public void Nothing_confirmed_is_undone_by_its_own_clock() => Play((before, world) =>
    {
        if (before is { State: LedgerState.Confirmed }) world.UndoneByClock.Should().BeFalse(world.Story);
    });

    [Fact]
    public void A_pivot_or_retriable_is_never_held_and_never_undone() => Play((_, world) =>
    {
        if (world.Row is not { Kind: not WireKind.Compensatable } row) return;
        row.State.Should().NotBe(LedgerState.Held, world.Story);
        world.Undone.Should().Be(0, world.Story);
    });

    [Fact]
    public void An_undo_that_was_acknowledged_leaves_nothing_done() => Play((_, world) =>
    {
        if (world.UndoAcknowledged) world.Done.Should().Be(world.Undone, world.Story);
    });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1_000_000, 60)]
    public void Pauses_between_the_tries_of_an_undo_double_up_to_a_minute(int attempts, int seconds) =>
        UndoBackoff.After(attempts).Should().Be(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void A_long_refusal_is_cut_where_a_database_can_store_it()
    {
        var row = Decide(null, Command(CommandKind.Do, WireKind.Pivot, Start), Start)
            .Should().BeOfType<LedgerTransition.RunDo>().Subject.Row;

        var text = new string('a', WireLimits.RefusalText - 1) + "\U0001F600";
        LedgerRules.Refused(row, text, Start).Row!.Text.Should().HaveLength(WireLimits.RefusalText - 1);
        LedgerRules.Refused(row, "a\0b", Start).Answer.Text.Should().Be("a b");
        LedgerRules.Refused(row, "half \ud83d of it", Start).Answer.Text.Should().Be("half \ufffd of it");
    }

    private static void Play(Action<LedgerRow?, World> check)
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            var random = new Random(seed);
            var world = new World { Now = Start, Kind = (WireKind)random.Next(3), Story = $"seed {seed}:" };
            for (var step = 0; step < StepsPerRun; step++)
            {
                var before = world.Row;
                world.Move(random);
                check(before, world);
            }
        }
    }

    private static LedgerTransition Decide(LedgerRow? row, LedgerCommand command, DateTimeOffset now) =>
        LedgerRules.Decide(row, command, now, StaleAfter);

    private static LedgerCommand Command(CommandKind command, WireKind kind, DateTimeOffset now)
    {
        var read = new LedgerCommand
        {
            Kind = command,
            EventId = $"s/a/{command}",
            SagaId = "s",
            Step = "a",
            Action = "a",
            StepKind = kind,
            SentAt = now,
            ExpiresAt = kind == WireKind.Compensatable ? Start + TimeSpan.FromSeconds(10) : null,
        };
        return command == CommandKind.Do ? read.WithData(JsonData.FromText("1")) : read;
    }

    /// <summary>A participant that obeys the rules, and the orchestrator and clock that play with it.</summary>
    private sealed class World
    {
        public required DateTimeOffset Now { get; set; }

        public required WireKind Kind { get; init; }

        public required string Story { get; set; }

        public LedgerRow? Row { get; private set; }

        public int Done { get; private set; }

        public int Undone { get; private set; }

        public bool UndoneByClock { get; private set; }

        public bool UndoAcknowledged { get; private set; }

        public void Move(Random random)
        {
            UndoneByClock = false;
            switch (random.Next(7))
            {
                case 0:
                    Now += TimeSpan.FromSeconds(random.Next(8));
                    break;
                case 1:
                    Watch();
                    break;
                case 2 when Row is not null:
                    Row = LedgerRules.End(Row, WireWords.Compensated, Now) ?? Row;
                    break;
                default:
                    Receive(Command((CommandKind)random.Next(4), Kind, Now), random.Next(5) == 0);
                    break;
            }
        }

        private void Watch()
        {
            Story += $" watch@{Now:ss}";
            if (Row is null || LedgerRules.Expire(Row, Now) is not { } expired) return;
            Row = expired;
            Undone++;
            UndoneByClock = true;
        }

        private void Receive(LedgerCommand command, bool refuse)
        {
            Story += $" {command.Kind}@{Now:ss}";
            var transition = Decide(Row, command, Now);
            var answer = Apply(transition, refuse);
            if (command.Kind == CommandKind.Undo && answer.Status == 200) UndoAcknowledged = true;
        }

        private LedgerAnswer Apply(LedgerTransition transition, bool refuse)
        {
            switch (transition)
            {
                case LedgerTransition.Stay stay:
                    return stay.Answer;
                case LedgerTransition.Bar bar:
                    Row = bar.Row;
                    return bar.Answer;
                case LedgerTransition.RunDo run when refuse:
                    (Row, var no) = LedgerRules.Refused(run.Row, "No.", Now);
                    return no;
                case LedgerTransition.RunDo run:
                    Done++;
                    (Row, var yes) = LedgerRules.Done(run.Row, JsonData.Null, Now);
                    return yes;
                case LedgerTransition.RunConfirm confirm:
                    Row = confirm.Row;
                    return confirm.Answer;
                case LedgerTransition.RunUndo undo:
                    Undone++;
                    UndoneByClock = Row!.State == LedgerState.Confirmed && undo.Answer.Code == SagaCodes.Expired;
                    Row = undo.Row;
                    return undo.Answer;
                case LedgerTransition.Extend extend:
                    Row = extend.Row;
                    return extend.Answer;
                default:
                    throw new InvalidOperationException("Unknown transition.");
            }
        }
    }
}
