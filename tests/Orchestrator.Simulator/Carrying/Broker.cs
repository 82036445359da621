using System.Text;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Engine.Ports;
using Orchestrator.Engine.Relaying;
using Orchestrator.Simulator.Participating;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Carrying;

/// <summary>
/// A broker: it brings events at least once, in no order, and again until they are taken; it may be away, and loses
/// what the seed says it loses.
/// </summary>
internal sealed class Broker(World world) : IEventPublisher
{
    private static readonly KeyValuePair<string, string>[] Structured =
        [new("content-type", StructuredEventWriter.MediaType)];

    /// <inheritdoc />
    public async Task<Published> PublishAsync(OutboxRow row, CancellationToken cancel)
    {
        var came = new TaskCompletionSource<PublishFate>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Network.Carry(() =>
        {
            var isAway = world.Faults.Loses();
            world.Journal.Note($"publish {NameOf(row)}{(isAway ? ": away" : "")}");
            // An event that was taken may still be reported as not taken.
            if (!isAway || world.Dice.Chance(0.3)) Take(row);
            came.SetResult(isAway ? PublishFate.Unreachable : PublishFate.Accepted);
        });
        return new Published(await came.Task, "the broker is away");
    }

    /// <summary>Takes the answers a participant has written down.</summary>
    public void TakeAnswers(ParticipantNode from)
    {
        foreach (var (_, payload) in from.Disk.TakeOutbox())
        {
            var bytes = Encoding.UTF8.GetBytes(payload);
            var copies = world.Faults.Loses() ? 0 : world.Faults.Repeats() ? 2 : 1;
            for (var i = 0; i < copies; i++)
                world.Network.Carry(() => Reply(from.Name, StructuredEvent.Read(new JsonData(bytes)).Event!));
        }
    }

    /// <summary>The id of a batch of endings is the one thing no seed decides.</summary>
    private static string NameOf(OutboxRow row) =>
        $"{row.Topic} {row.SagaId} {(row.Type == SagaEventTypes.Ended ? row.Type : row.Id)}";

    private void Take(OutboxRow row)
    {
        if (row.Topic == SagaTopics.Facts) return;
        var to = row.Topic[SagaTopics.Commands("").Length..];
        var request = new SimulatedRequest("POST", to, "/saga/events", Structured, row.Event.Utf8.ToArray());
        // A command that is lost is sent again; of endings the product believes the broker that it has them.
        var isLost = row.Type != SagaEventTypes.Ended && world.Faults.Loses();
        var copies = isLost ? 0 : world.Faults.Repeats() ? 2 : 1;
        for (var i = 0; i < copies; i++) world.Network.Carry(() => Deliver(request, NameOf(row)));
    }

    private void Deliver(SimulatedRequest request, string name)
    {
        var node = world.ParticipantOf(request.To);
        var isAnswered = false;
        world.Journal.Note($"deliver {name}");
        if (world.Faults.IsCut(request.To, toParticipant: true) || !node.TryServe(request, response =>
            {
                isAnswered = true;
                var body = Encoding.UTF8.GetString(response.Body);
                if (response.Status != 200 || body.Contains("RETRY", StringComparison.Ordinal))
                    DeliverAgain(request, name, TimeSpan.FromMilliseconds(500));
                TakeAnswers(node);
            }))
        {
            DeliverAgain(request, name, TimeSpan.FromSeconds(1));
            return;
        }

        // Whoever dies with an event gets it again, and so does its other replica.
        world.Agenda.After(TimeSpan.FromSeconds(10), null, () =>
        {
            if (!isAnswered) world.Network.Carry(() => Deliver(request, name));
        });
    }

    private void DeliverAgain(SimulatedRequest request, string name, TimeSpan pause) =>
        world.Agenda.After(pause, null, () => world.Network.Carry(() => Deliver(request, name)));

    private void Reply(string from, StructuredEvent reply)
    {
        world.Journal.Note($"reply {reply[SagaAttributes.SagaCommand]} {reply[SagaAttributes.SagaStatus]}");
        var isTaken = false;
        if (!world.Faults.IsCut(from, toParticipant: false))
        {
            world.Orchestrator.Do(async process =>
            {
                if (await process.Replies.TakeAsync(reply, CancellationToken.None) != ReplyFate.Again) isTaken = true;
            });
        }

        world.Agenda.After(TimeSpan.FromSeconds(15), null, () =>
        {
            if (!isTaken) world.Network.Carry(() => Reply(from, reply));
        });
    }
}
