using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Orchestrator.Dapr.Running;
using Orchestrator.Dapr.Wire;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>
/// One turn of a saga on Dapr: from the bytes of the sidecar's question to the bytes of the answer, which sends a call.
/// The sidecar sends the whole history with every turn, so it is decoded whole either way; what differs is how much of
/// it is folded.
/// </summary>
[MemoryDiagnoser]
public class TurnOnDapr
{
    /// <summary>A fold goes on with the turn it takes, so each of these turns has one of its own.</summary>
    private const int Turns = 256;

    private readonly TurnTaker[] kept = new TurnTaker[Turns];
    private RetriedUndo history = new();
    private TurnTaker whole = null!;
    private byte[] question = [];

    /// <summary>Events in the sidecar's history, with those of the turn.</summary>
    [Params(10, 100, 1000)]
    public int Events { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        history = new RetriedUndo().GrowTo(Events);
        question = new WorkItem { Workflow = history.Turn }.ToByteArray();
        whole = history.Taker();
        var answer = Answer(whole);
        KeepFolds();
        if (!Answer(kept[0]).SequenceEqual(answer))
            throw new InvalidOperationException("What is kept from turn to turn changes the answer.");
        var count = history.Turn.Past.Count + history.Turn.Fresh.Count;
        Console.WriteLine($"// {count} events: {question.Length} bytes in, {answer.Length} bytes out");
    }

    [IterationSetup(Target = nameof(Kept))]
    public void KeepFolds()
    {
        for (var i = 0; i < Turns; i++)
        {
            kept[i] = history.Taker();
            kept[i].Keep(kept[i].Take(history.Before));
        }
    }

    [Benchmark(Description = "a turn, the fold kept", OperationsPerInvoke = Turns)]
    public int Kept()
    {
        var bytes = 0;
        foreach (var taker in kept) bytes += Answer(taker).Length;
        return bytes;
    }

    [Benchmark(Description = "a turn from the whole history")]
    public int Whole() => Answer(whole).Length;

    [Benchmark(Description = "of it: decoding the question")]
    public object Decode() => WorkItem.Parser.ParseFrom(question);

    private byte[] Answer(TurnTaker taker) =>
        taker.Take(WorkItem.Parser.ParseFrom(question).Workflow).Response!.ToByteArray();
}
