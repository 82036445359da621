using System.Globalization;
using Orchestrator.StandIn;
using Orchestrator.Tests.Dapr;

namespace Orchestrator.Tests.StandIn;

public sealed class ConversationTests
{
    public static TheoryData<string> Names => [.. Recordings.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_stand_in_says_what_the_real_sidecar_said(string name)
    {
        var lines = Recordings.Read(name);
        var clock = new ManualTime(StartOf(lines));
        await using var sidecar = await StandInSidecar.StartAsync(
            new StandInOptions { AppId = "spikeapp", StepByStep = true }, new FineTime(clock));
        using var conversation = new Conversation(sidecar, clock);

        await conversation.PlayAsync(lines);

        conversation.Compared
            .Should().Be(lines.Count(line => line.Dir is "in" or "http" && line.Method != "ListInstanceIDs"));
    }

    /// <summary>The day is in what the sidecar said, the time at the line.</summary>
    private static DateTimeOffset StartOf(IReadOnlyList<RecordedLine> lines)
    {
        var day = lines.First(line => line is { Dir: "in", Method: "GetWorkItems" }).Decoded!;
        var date = day[(day.IndexOf("\"timestamp\": \"", StringComparison.Ordinal) + 14)..][..10];
        return DateTimeOffset.Parse($"{date}T{lines[0].At}Z", CultureInfo.InvariantCulture);
    }
}

/// <summary>A manual clock of which every look is a bit later than the one before, as a real one's is.</summary>
internal sealed class FineTime(ManualTime coarse) : TimeProvider
{
    private long looks;

    public override DateTimeOffset GetUtcNow() => coarse.GetUtcNow().AddTicks(Interlocked.Increment(ref looks));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        coarse.CreateTimer(callback, state, dueTime, period);
}
