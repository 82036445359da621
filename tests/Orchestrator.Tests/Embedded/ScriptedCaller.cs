using System.Collections.Concurrent;
using System.Threading.Channels;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Embedded;

/// <summary>Participants that say what a test wants them to say; without a word from the test they say yes.</summary>
internal sealed class ScriptedCaller : IParticipantCaller
{
    private readonly Channel<ParticipantCall> arrivals = Channel.CreateUnbounded<ParticipantCall>();
    private readonly Channel<(string Participant, IReadOnlyList<EndingRow> Endings)> endings =
        Channel.CreateUnbounded<(string, IReadOnlyList<EndingRow>)>();

    /// <summary>What is answered to a call.</summary>
    public Func<ParticipantCall, Task<Answer>> Answers { get; set; } = _ => Task.FromResult(Yes);

    /// <summary>Whether endings are taken.</summary>
    public Func<string, bool> TakesEndings { get; set; } = _ => true;

    /// <summary>True when arrivals are of no interest, so that they do not pile up.</summary>
    public bool ForgetsArrivals { get; init; }

    /// <summary>Calls that arrived and were not looked at yet.</summary>
    public ConcurrentQueue<ParticipantCall> All { get; } = new();

    public static Answer Yes { get; } = new() { Status = 200, Output = JsonData.FromText("{}") };

    public static Answer No { get; } = new() { Status = 409, Code = SagaCodes.Refused, Text = "no" };

    public static Answer Down { get; } = new() { Status = 0, Silence = Silence.Broken, Text = "down" };

    /// <summary>The next call that arrives.</summary>
    public Task<ParticipantCall> NextAsync() => arrivals.Reader.ReadAsync().AsTask().Soon();

    /// <summary>The next batch of endings that arrives, taken or not.</summary>
    public Task<(string Participant, IReadOnlyList<EndingRow> Endings)> NextEndingsAsync() =>
        endings.Reader.ReadAsync().AsTask().Soon();

    public Task<Answer> CallAsync(ParticipantCall call, CancellationToken cancel)
    {
        if (!ForgetsArrivals)
        {
            All.Enqueue(call);
            arrivals.Writer.TryWrite(call);
        }

        return Answers(call).WaitAsync(cancel);
    }

    public Task<bool> TellEndedAsync(string participant, IReadOnlyList<EndingRow> rows, CancellationToken cancel)
    {
        if (!ForgetsArrivals) endings.Writer.TryWrite((participant, rows));
        return Task.FromResult(TakesEndings(participant));
    }

    public string? WhyNot(ParticipantDefinition participant) => null;
}

/// <summary>Waiting in tests: what does not happen soon is a failure, not a hang.</summary>
internal static class Waiting
{
    public static Task<T> Soon<T>(this Task<T> awaited) => awaited.WaitAsync(TimeSpan.FromSeconds(30));

    public static Task Soon(this Task awaited) => awaited.WaitAsync(TimeSpan.FromSeconds(30));
}
