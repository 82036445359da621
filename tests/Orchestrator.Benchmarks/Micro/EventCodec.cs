using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Orchestrator.Contract;
using Orchestrator.Core.History;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>
/// The bytes of one turn as the store keeps them: an answer has come, the next call goes out and its timer is set. A
/// saga of three steps writes about eight of these.
/// </summary>
[MemoryDiagnoser]
public class EventCodec
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, 123, TimeSpan.Zero);

    private readonly ImmutableArray<SagaEvent> turn =
    [
        new CallAnswered
        {
            At = At,
            Step = "reserve-stock",
            Command = CommandKind.Do,
            Attempt = 1,
            Answer = new Answer
            {
                Status = 200,
                Output = JsonData.FromText("""{"id":"r-4711"}"""),
                LedgerState = "held",
                Ledger = "6f9619ff-8b86-d011-b42d-00c04fc964ff",
            },
        },
        new CallSent
        {
            At = At,
            Step = "charge",
            Command = CommandKind.Do,
            Attempt = 1,
            Data = JsonData.FromText("""{"amount":1999,"reservation":"r-4711"}"""),
        },
        new TimerSet { At = At, Timer = "charge/do/1", DueAt = At.AddSeconds(5) },
    ];

    private readonly ArrayBufferWriter<byte> bytes = new(4096);
    private Utf8JsonWriter writer = null!;
    private byte[] stored = [];

    [GlobalSetup]
    public void Prepare()
    {
        writer = SagaEventJson.CreateWriter(bytes);
        Encode();
        stored = bytes.WrittenSpan.ToArray();
        if (!Decode().SequenceEqual(turn)) throw new InvalidOperationException("What is read back is not what was written.");
    }

    /// <summary>Into a buffer that is used again and again, as the engine does it.</summary>
    [Benchmark(Description = "encode a turn of three events")]
    public int Encode()
    {
        bytes.ResetWrittenCount();
        writer.Reset(bytes);
        SagaEventJson.Write(writer, turn);
        return bytes.WrittenCount;
    }

    [Benchmark(Description = "decode it")]
    public ImmutableArray<SagaEvent> Decode() => SagaEventJson.Read(stored);
}
