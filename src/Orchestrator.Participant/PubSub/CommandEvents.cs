using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Running;
using Orchestrator.Participant.Sql;

namespace Orchestrator.Participant.PubSub;

/// <summary>
/// Takes a command that came over the broker: the same checks, the same ledger and the same transaction as over HTTP,
/// with the answer in the outbox. Whoever is named in a wrong command gets an answer too: waiting for the deadline
/// would cost more.
/// </summary>
internal sealed class CommandEvents(
    CommandDesk desk, StepRegistry steps, Replies replies, LedgerDatabase database, OutboxRelay relay,
    ParticipantClock clock,
    IHostApplicationLifetime lifetime, IOptions<SagaParticipantOptions> options, ILogger<CommandEvents> logger)
{
    internal async Task<Delivery> TakeAsync(CommandKind kind, StructuredEvent read, IServiceProvider services)
    {
        var action = ActionOf(read);
        if (action is null || steps.Find(action) is not { } step)
            return await RefuseAsync(read, 404, SagaCodes.NotFound, $"The action {action} is not served here.", null);
        switch (CommandReader.Read(kind, action, read, clock.Now()))
        {
            case CommandReading.Malformed malformed:
                return await RefuseAsync(read, 400, SagaCodes.Malformed, malformed.Text, malformed.Attribute);
            case CommandReading.Readable readable when kind != CommandKind.Do:
                return await RunAsync(step, readable.Command, read, services);
            case CommandReading.Readable when read.Data is null:
                return await RefuseAsync(read, 400, SagaCodes.Malformed, "The event has no data.", "data");
            case CommandReading.Readable when read.Data.Value.Utf8.Length > options.Value.LongestBody:
                return await RefuseAsync(
                    read, 413, SagaCodes.TooLarge, $"The data is longer than {options.Value.LongestBody} bytes.",
                    "data");
            case CommandReading.Readable readable:
                return await RunAsync(step, readable.Command.WithData(read.Data.Value), read, services);
            case var other:
                throw new UnreachableException($"Unknown reading {other.GetType().Name}.");
        }
    }

    // A step that is sent again with other data has the key "name~2"; its action is still the name.
    private static string? ActionOf(StructuredEvent read) => read[SagaAttributes.Of(SagaHeaders.SagaAction)]
        ?? read[SagaAttributes.Of(SagaHeaders.SagaStep)]?.Split('~', 2)[0];

    private async Task<Delivery> RunAsync(
        StepHandlers step, LedgerCommand command, StructuredEvent read, IServiceProvider services)
    {
        var answer = await desk.AnswerAsync(
            step, command, services, (work, decided) => OutboxTable.InsertAsync(work, replies.To(read, decided)));
        if (answer.Code == SagaCodes.Busy) return Delivery.Again;
        // The transaction of what threw is gone, and its answer with it. The orchestrator decides when to send it
        // again.
        if (answer.Code == SagaCodes.Failed)
            return await TryReplyAsync(read, answer, null) ? Delivery.Taken : Delivery.Again;
        relay.Wake();
        return Delivery.Taken;
    }

    private async Task<Delivery> RefuseAsync(
        StructuredEvent read, int status, string code, string text, string? attribute)
    {
        var canAnswer = Replies.CanAnswer(read);
        Log.EventDropped(logger, canAnswer ? read[SagaAttributes.Of(SagaHeaders.Id)]! : "(unknown)", text);
        if (!canAnswer) return Delivery.Dropped;
        var answer = LedgerAnswer.Problem(status, LedgerState.None, code, text);
        return await TryReplyAsync(read, answer, attribute) ? Delivery.Dropped : Delivery.Again;
    }

    private async Task<bool> TryReplyAsync(StructuredEvent read, LedgerAnswer answer, string? attribute)
    {
        try
        {
            await database.RunAsync(
                work => OutboxTable.InsertAsync(work, replies.To(read, answer, attribute)),
                lifetime.ApplicationStopped);
        }
        catch (Exception exception)
        {
            Log.ReplyNotKept(logger, read[SagaAttributes.Of(SagaHeaders.Id)]!, exception);
            return false;
        }

        relay.Wake();
        return true;
    }
}
