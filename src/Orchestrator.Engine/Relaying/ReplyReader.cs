using System.Globalization;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Core.History;
using Orchestrator.Engine.Calling;

namespace Orchestrator.Engine.Relaying;

/// <summary>Turns an event <c>saga.step.replied</c> into the answer an HTTP response would have been.</summary>
internal static class ReplyReader
{
    private const string DoSuffix = "/do";

    /// <summary>The command it answers and the answer; null when it is none.</summary>
    public static (string Command, Answer Answer)? Read(StructuredEvent reply)
    {
        if (reply.Type != SagaEventTypes.Replied) return null;
        if (reply[SagaAttributes.SagaCommand] is not { Length: > 0 and <= WireLimits.EventId } command) return null;
        var text = reply[SagaAttributes.SagaStatus];
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status)) return null;
        if (status is < 200 or > 599) return null;
        var answer = new Answer
        {
            Status = status,
            LedgerState = Token(reply[SagaAttributes.SagaState]),
            Ledger = Token(reply[SagaAttributes.SagaLedger]),
        };
        return (command, AnswerReader.WithBody(
            command.EndsWith(DoSuffix, StringComparison.Ordinal) ? CommandKind.Do : CommandKind.Confirm, answer,
            reply.Data is { } data ? data.Utf8.ToArray() : []));
    }

    private static string? Token(string? value) =>
        value is null ? null : AnswerReader.Cut(value, EngineLimits.MaxTokenLength);
}
