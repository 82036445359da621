using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.Embedded;

/// <summary>A broker that takes events when a test lets it, and makes the events participants answer with.</summary>
internal sealed class ScriptedBroker : IEventPublisher
{
    private readonly Channel<StructuredEvent> commands = Channel.CreateUnbounded<StructuredEvent>();
    private readonly Channel<StructuredEvent> facts = Channel.CreateUnbounded<StructuredEvent>();

    /// <summary>What becomes of an event.</summary>
    public Func<OutboxRow, PublishFate> Fates { get; set; } = _ => PublishFate.Accepted;

    /// <summary>Everything that was tried, accepted or not.</summary>
    public ConcurrentQueue<OutboxRow> Tried { get; } = [];

    public Task<Published> PublishAsync(OutboxRow row, CancellationToken cancel)
    {
        Tried.Enqueue(row);
        var fate = Fates(row);
        if (fate == PublishFate.Accepted)
            (row.Topic == SagaTopics.Facts ? facts : commands).Writer.TryWrite(StructuredEvent.Read(row.Event).Event!);
        return Task.FromResult(new Published(fate, "the test says so"));
    }

    /// <summary>The next event for a participant that was accepted.</summary>
    public Task<StructuredEvent> NextAsync() => commands.Reader.ReadAsync().AsTask().Soon();

    /// <summary>The next fact that was accepted.</summary>
    public Task<StructuredEvent> NextFactAsync() => facts.Reader.ReadAsync().AsTask().Soon();

    /// <summary>The answer of a participant to a command.</summary>
    public static StructuredEvent Reply(string command, int status, string state, string data = "{}")
    {
        using var writer = new StructuredEventWriter(
            SagaEventTypes.Replied, Guid.NewGuid().ToString(), "/participants/p", DateTimeOffset.UnixEpoch);
        writer.Add(SagaAttributes.SagaCommand, command);
        writer.Add(SagaAttributes.SagaStatus, status);
        writer.Add(SagaAttributes.SagaState, state);
        writer.Add(SagaAttributes.SagaLedger, "l-1");
        return StructuredEvent.Read(writer.End(JsonData.FromText(data))).Event!;
    }

    public static int AttemptOf(StructuredEvent command) =>
        int.Parse(command["sagaattempt"]!, CultureInfo.InvariantCulture);
}
