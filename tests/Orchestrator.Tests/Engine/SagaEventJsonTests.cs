using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Tests.Engine;

/// <summary>Events are read back as they were written, and nothing unknown is passed over.</summary>
public sealed class SagaEventJsonTests
{
    private static readonly string[] Texts =
        ["", "a", "charge~2", "über \"quoted\" \\ back", "line\nfeed\ttab\u0000nul", "<script>&'", "\U0001F600 smile", new('x', 3000)];

    private static readonly string[] Values =
        ["null", "{}", "[1, 2,  3]", "\"text \\u00e9 é\"", "-0.10e+5", "true", "{ \"a\" : { \"b\" : [ null ] } }", "{\"a\":1,\"a\":2}"];

    [Fact]
    public void Every_event_is_read_back_as_it_was_written()
    {
        var random = new Random(20260131);
        for (var i = 0; i < 2000; i++)
        {
            var turn = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Any(random)).ToImmutableArray();
            var read = SagaEventJson.Read(Write(turn));
            read.Should().HaveSameCount(turn);
            foreach (var (before, after) in turn.Zip(read))
                Normal(after).Should().Be(Normal(before));
        }
    }

    [Fact]
    public void Data_keep_their_bytes_and_lose_only_the_space_around_them()
    {
        var sent = new CallSent
        {
            At = At(1),
            Step = "a",
            Command = CommandKind.Do,
            Attempt = 1,
            Data = JsonData.FromText(" \r\n{ \"a\" :  1.50 }\t"),
        };

        var read = SagaEventJson.Read(Write([sent]));

        read.Should().ContainSingle().Which.Should().BeOfType<CallSent>()
            .Which.Data!.Value.ToString().Should().Be("{ \"a\" :  1.50 }");
    }

    [Fact]
    public void Input_nested_as_deep_as_the_api_takes_it_is_read_back()
    {
        var deep = JsonData.FromText(new string('[', 64) + new string(']', 64));
        var sent = new CallSent { At = At(1), Step = "a", Command = CommandKind.Do, Attempt = 1, Data = deep };

        SagaEventJson.Read(Write([sent])).Should().ContainSingle().Which.Should().Be(sent);
    }

    [Theory]
    [InlineData("[{\"type\":\"saga-renamed\",\"at\":\"2026-01-31T12:00:00Z\"}]")]
    [InlineData("[{\"type\":\"retry-requested\",\"at\":\"2026-01-31T12:00:00Z\",\"actor\":\"a\",\"mood\":1}]")]
    [InlineData("[{\"type\":\"retry-requested\",\"at\":\"2026-01-31T12:00:00Z\"}]")]
    [InlineData("[{\"type\":\"call-sent\",\"at\":\"2026-01-31T12:00:00Z\",\"step\":\"a\",\"command\":\"praise\",\"attempt\":1}]")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{\"type\":")]
    [InlineData("[] []")]
    [InlineData("[]x")]
    [InlineData("[{\"type\":\"saga-started\",\"tags\":5,\"at\":\"2026-01-31T12:00:00Z\"}]")]
    [InlineData("[{\"type\":\"saga-started\",\"at\":\"2026-01-31T12:00:00Z\",\"sagaId\":\"s\",\"definition\":\"d\",\"definitionVersion\":1,\"expiresAt\":\"2026-01-31T12:00:00Z\",\"input\":1,\"tags\":null,\"businessKey\":\"x\"}]")]
    [InlineData("")]
    public void What_is_unknown_or_damaged_is_refused_and_not_passed_over(string json)
    {
        var reading = () => SagaEventJson.Read(Encoding.UTF8.GetBytes(json));

        reading.Should().Throw<FormatException>();
    }

    [Fact]
    public void Events_of_before_the_verbs_are_written_as_they_always_were_and_read_back()
    {
        var events = new SagaEvent[]
        {
            new CallSent { At = At(0), Step = "a", Command = CommandKind.Confirm, Attempt = 2 },
            new RetryRequested { At = At(0), Actor = "ann" },
            new SuspendRequested { At = At(0), Actor = "ann", Reason = "why" },
        };
        const string stored = """
            [{"type":"call-sent","at":"2026-01-31T12:00:00Z","step":"a","command":"confirm","attempt":2},
            {"type":"retry-requested","at":"2026-01-31T12:00:00Z","actor":"ann"},
            {"type":"suspend-requested","at":"2026-01-31T12:00:00Z","actor":"ann","reason":"why"}]
            """;

        Encoding.UTF8.GetString(Write(events)).Should().Be(stored.ReplaceLineEndings(""));
        SagaEventJson.Read(Encoding.UTF8.GetBytes(stored)).Should().Equal(events);
    }

    private static byte[] Write(IReadOnlyList<SagaEvent> turn)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = SagaEventJson.CreateWriter(bytes);
        SagaEventJson.Write(writer, turn);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Dictionaries are equal by reference, so tags are compared as text.</summary>
    private static (SagaEvent Event, string Tags) Normal(SagaEvent e) => e is SagaStarted started
        ? (started with { Tags = ImmutableSortedDictionary<string, string>.Empty },
            string.Join('|', started.Tags.Select(tag => $"{tag.Key}={tag.Value}")))
        : (e, "");

    private static DateTimeOffset At(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(1_769_860_800_000 + milliseconds);

    private static RetryOverride? AnyRetry(Random random)
    {
        TimeSpan? Span() => random.Next(2) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(1, 3_600_000));
        var retry = new RetryOverride(
            random.Next(2) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(1, 1000)),
            random.Next(2) == 0 ? null : 1 + Math.Round(random.NextDouble(), 3),
            random.Next(2) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(1000, 5000)),
            random.Next(2) == 0 ? null : random.Next(1, 1000),
            Span());
        return retry == RetryOverride.None ? null : retry;
    }

    private static SagaEvent Any(Random random) => random.Next(16) switch
    {
        0 => new SagaStarted
        {
            At = Instant(random),
            SagaId = Text(random),
            Definition = Text(random),
            DefinitionVersion = random.Next(),
            Input = Data(random),
            ExpiresAt = Instant(random),
            BusinessKey = Maybe(random),
            TraceParent = Maybe(random),
            RerunOf = Maybe(random),
            Tags = Texts.Take(random.Next(4)).ToImmutableSortedDictionary(text => text, _ => Text(random)),
        },
        1 => new CallSent
        {
            At = Instant(random),
            Step = Text(random),
            Command = Command(random),
            Attempt = random.Next(),
            Data = random.Next(2) == 0 ? null : Data(random),
            AskAt = Maybe(random),
            ExpiresAt = random.Next(2) == 0 ? null : Instant(random),
            Extension = random.Next(3),
        },
        2 => new CallAnswered
        {
            At = Instant(random),
            Step = Text(random),
            Command = Command(random),
            Attempt = random.Next(),
            Answer = AnyAnswer(random),
            Extension = random.Next(3),
            Retry = AnyRetry(random),
        },
        3 => new TimerSet { At = Instant(random), Timer = Text(random), DueAt = Instant(random) },
        4 => new TimerPassed { At = Instant(random), Timer = Text(random) },
        5 => new CancelRequested { At = Instant(random), Actor = Text(random), Reason = Maybe(random) },
        6 => new RetryRequested
        {
            At = Instant(random),
            Actor = Text(random),
            Reason = Maybe(random),
            Participant = Maybe(random),
        },
        7 => new SuspendRequested { At = Instant(random), Actor = Text(random), Reason = Maybe(random) },
        8 => new ResumeRequested { At = Instant(random), Actor = Text(random) },
        9 => new TerminateRequested { At = Instant(random), Actor = Text(random) },
        10 => new TriesCounted
        {
            At = Instant(random),
            Step = Text(random),
            Command = Command(random),
            Tally = new CallTally(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, Maybe(random)),
            FirstSentAt = random.Next(2) == 0 ? null : Instant(random),
            MayStillRun = random.Next(2) == 0,
            UndosAcknowledged = random.Next(3),
            LedgerLost = Maybe(random),
            HasLedger = random.Next(2) == 0,
            HasAnsweredWithoutLedger = random.Next(2) == 0,
        },
        11 => new ExtendRequested
        {
            At = Instant(random),
            Actor = Text(random),
            Reason = Maybe(random),
            ExpiresAt = Instant(random),
        },
        12 => new ResendRequested
        {
            At = Instant(random),
            Actor = Text(random),
            Reason = Maybe(random),
            Step = Text(random),
            Data = random.Next(2) == 0 ? null : Data(random),
        },
        13 => new ResolveRequested
        {
            At = Instant(random),
            Actor = Text(random),
            Reason = Maybe(random),
            Step = Text(random),
            As = (Resolution)random.Next(2),
            Output = random.Next(2) == 0 ? null : Data(random),
        },
        14 => new RerunRequested
        {
            At = Instant(random),
            Actor = Text(random),
            Reason = Maybe(random),
            RerunAs = Text(random),
        },
        _ => new SagaEnded
        {
            At = Instant(random),
            Outcome = (SagaOutcome)random.Next(2),
            Output = random.Next(2) == 0 ? null : Data(random),
            Warning = Maybe(random),
        },
    };

    private static Answer AnyAnswer(Random random) => new()
    {
        Status = random.Next(3) == 0 ? 0 : random.Next(100, 600),
        Silence = (Silence)random.Next(3),
        Code = Maybe(random),
        Text = Maybe(random),
        Output = random.Next(2) == 0 ? null : Data(random),
        Unreadable = random.Next(2) == 0,
        Location = Maybe(random),
        LedgerState = Maybe(random),
        Ledger = Maybe(random),
    };

    private static DateTimeOffset Instant(Random random) => At(random.NextInt64(-1_000_000_000_000, 1_000_000_000_000));

    private static string Text(Random random) => Texts[random.Next(Texts.Length)];

    private static string? Maybe(Random random) => random.Next(2) == 0 ? null : Text(random);

    private static JsonData Data(Random random) => JsonData.FromText(Values[random.Next(Values.Length)]);

    private static CommandKind Command(Random random) => (CommandKind)random.Next(4);
}
