using Microsoft.Extensions.Logging;

namespace Orchestrator.Participant;

/// <summary>Everything the library logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information,
        "The saga ledger {LedgerId} is ready. {Undone} steps had expired meanwhile and were undone.")]
    internal static partial void Prepared(ILogger logger, Guid ledgerId, int undone);

    [LoggerMessage(16, LogLevel.Warning,
        "The saga ledger {LedgerId} is on standby: it is only shown. Nothing is undone and no command is taken until "
        + "the host starts without SagaParticipantOptions.Standby.")]
    internal static partial void OnStandby(ILogger logger, Guid ledgerId);

    [LoggerMessage(2, LogLevel.Warning,
        "The undo of step {Step} of saga {SagaId} failed on try {Attempts} and will be tried again.")]
    internal static partial void UndoFailed(
        ILogger logger, string sagaId, string step, int attempts, Exception exception);

    [LoggerMessage(3, LogLevel.Error,
        "Step {Step} of saga {SagaId} needs a person: its undo has failed {Attempts} times. Find out why its handler "
        + "throws.")]
    internal static partial void NeedsAttention(ILogger logger, string sagaId, string step, int attempts);

    [LoggerMessage(4, LogLevel.Warning,
        "A batch of expired steps could not be undone together; each is now undone in a transaction of its own.")]
    internal static partial void BatchFailed(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Error,
        "The saga ledger could not look for expired steps; the next sweep tries again. Is its database reachable?")]
    internal static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Warning,
        "The {Command} of step {Step} of saga {SagaId} threw. Nothing was changed; it will come again.")]
    internal static partial void HandlerFailed(
        ILogger logger, string command, string sagaId, string step, Exception exception);

    [LoggerMessage(7, LogLevel.Warning,
        "The {Command} of step {Step} of saga {SagaId} found the database busy. Nothing was changed; it will come "
        + "again.")]
    internal static partial void DatabaseBusy(
        ILogger logger, string command, string sagaId, string step, Exception exception);

    [LoggerMessage(8, LogLevel.Warning,
        "The end hook of step {Step} of saga {SagaId} threw. The row is not marked; the end will come again.")]
    internal static partial void EndHookFailed(ILogger logger, string sagaId, string step, Exception exception);

    [LoggerMessage(9, LogLevel.Debug, "A ledger transaction was turned away on try {Tries} and is run again: {Reason}")]
    internal static partial void TransactionTriedAgain(ILogger logger, int tries, string reason);

    [LoggerMessage(10, LogLevel.Warning, "A batch of endings could not be recorded. It will come again.")]
    internal static partial void EndingsFailed(ILogger logger, Exception exception);

    [LoggerMessage(11, LogLevel.Warning, "The event {EventId} came over the broker and was dropped. {Reason}")]
    internal static partial void EventDropped(ILogger logger, string eventId, string reason);

    [LoggerMessage(12, LogLevel.Warning,
        "The answer to {EventId} could not be written to the outbox. The broker delivers the command again.")]
    internal static partial void ReplyNotKept(ILogger logger, string eventId, Exception exception);

    [LoggerMessage(13, LogLevel.Warning,
        "The broker could not be reached on try {Tries}: {Reason}. Answers wait in the outbox and are sent later.")]
    internal static partial void BrokerUnreachable(ILogger logger, int tries, string reason);

    [LoggerMessage(14, LogLevel.Error,
        "An answer of saga {SagaId} was turned away on try {Attempts}: {Reason}. It is tried again; those behind it "
        + "wait.")]
    internal static partial void ReplyRefused(ILogger logger, string sagaId, int attempts, string reason);

    [LoggerMessage(15, LogLevel.Error, "The outbox could not be read or written; the next sweep tries again.")]
    internal static partial void RelayFailed(ILogger logger, Exception exception);

    [LoggerMessage(17, LogLevel.Debug,
        "The database's log could not be moved between two slices of undos. The commits go on doing it.")]
    internal static partial void LogNotMoved(ILogger logger, Exception exception);
}
