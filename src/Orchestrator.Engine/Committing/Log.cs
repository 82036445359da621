using Microsoft.Extensions.Logging;

namespace Orchestrator.Engine.Committing;

/// <summary>All that committing, endings and the catalog log.</summary>
internal sealed partial class Log(ILogger<Log> logger)
{
    [LoggerMessage(
        1, LogLevel.Information, "Engine ready: {Sagas} sagas that have not ended, {Calls} calls sent again.")]
    public partial void Ready(long sagas, long calls);

    [LoggerMessage(2, LogLevel.Error, "Nothing can be stored: {Reason} Starts and verbs are refused, answers wait.")]
    public partial void StoreUnavailable(string reason, Exception? exception);

    [LoggerMessage(3, LogLevel.Information, "The store can be written again.")]
    public partial void StoreAvailable();

    [LoggerMessage(
        4, LogLevel.Critical, "The engine met an error of its own in {Work}; the saga concerned does not go on.")]
    public partial void Broke(string work, Exception exception);

    [LoggerMessage(5, LogLevel.Critical, "The commit loop has ended by an error of its own; restart the service.")]
    public partial void LoopBroke(Exception exception);

    [LoggerMessage(
        33, LogLevel.Critical, "The loop of {Loop} met an error of its own and begins again in {Wait}.")]
    public partial void SideLoopBroke(string loop, TimeSpan wait, Exception exception);

    [LoggerMessage(6, LogLevel.Information, "Participant {Participant} put by {Actor}.")]
    public partial void ParticipantPut(string participant, string actor);

    [LoggerMessage(7, LogLevel.Information, "Saga {SagaId} deleted by {Actor}.")]
    public partial void Deleted(string sagaId, string actor);

    [LoggerMessage(8, LogLevel.Information, "{Count} finished sagas purged.")]
    public partial void Purged(int count);

    [LoggerMessage(
        9, LogLevel.Warning, "Participant {Participant} does not take endings; they wait and are told again.")]
    public partial void EndingsNotTaken(string participant);

    [LoggerMessage(12, LogLevel.Error, "Saga {SagaId} cannot be read from the store and does not go on: {Reason}")]
    public partial void Unreadable(string sagaId, string reason);

    [LoggerMessage(13, LogLevel.Warning, "Finished sagas could not be purged: {Reason}")]
    public partial void SweepFailed(string reason);

    [LoggerMessage(14, LogLevel.Warning,
        "The broker could not be reached on try {Tries}: {Reason}. Events wait in the outbox.")]
    public partial void BrokerUnreachable(int tries, string reason);

    [LoggerMessage(15, LogLevel.Error,
        "The event {Event} for topic {Topic} was turned away on try {Tries}: {Reason}. "
        + "It is tried again; those behind it wait.")]
    public partial void EventRefused(string @event, string topic, int tries, string reason);

    [LoggerMessage(16, LogLevel.Error, "{Reason}")]
    public partial void BrokerNotConfigured(string reason);

    [LoggerMessage(17, LogLevel.Information, "Events pass again.")]
    public partial void BrokerConfigured();

    [LoggerMessage(18, LogLevel.Error,
        "{Waiting} facts of sagas wait for the broker; later ones are left out until some of them are sent. Metric "
        + "orchestrator_facts_left_out_total counts them. Sagas and their commands are not touched.")]
    public partial void FactsLeftOut(long waiting);

    [LoggerMessage(19, LogLevel.Warning, "The other orchestrators could not be told that this one is alive: {Reason}")]
    public partial void BeatFailed(string reason);

    [LoggerMessage(20, LogLevel.Warning,
        "{Sagas} sagas were taken over; {Silent} orchestrators were silent for too long, the others had left.")]
    public partial void TookOver(int sagas, int silent);

    [LoggerMessage(
        21, LogLevel.Information, "{Sagas} sagas of another orchestrator go on here, {Calls} calls sent again.")]
    public partial void Adopted(int sagas, int calls);

    [LoggerMessage(
        22, LogLevel.Information, "What waits for {Participant} goes now, in {Sagas} sagas; {Actor} asked for it.")]
    public partial void WaitsReleased(int sagas, string participant, string actor);

    [LoggerMessage(24, LogLevel.Warning, "Alert for saga {SagaId}, {Reason}: {What}.")]
    public partial void Alerted(string sagaId, string reason, string what);

    [LoggerMessage(25, LogLevel.Warning, "Alerts for {Target} wait: {Reason}")]
    public partial void AlertsWait(string target, string reason);

    [LoggerMessage(26, LogLevel.Error, "Alerts for {Target} do not arrive and are sent again: {Reason}")]
    public partial void AlertsDoNotArrive(string target, string reason);

    [LoggerMessage(27, LogLevel.Information, "Alerts for {Target} arrive again.")]
    public partial void AlertsArrive(string target);

    [LoggerMessage(28, LogLevel.Information, "{Actor} sends every target of alerts a test.")]
    public partial void AlertsTested(string actor);

    [LoggerMessage(23, LogLevel.Warning, "What waits in saga {SagaId} goes when its wait is over: {Reason}")]
    public partial void NotReleased(string sagaId, string reason);

    [LoggerMessage(29, LogLevel.Information, "Batch {Batch} ({Verb}) of {Actor} is done.")]
    public partial void BatchDone(string batch, string verb, string actor);

    [LoggerMessage(30, LogLevel.Warning, "The batches wait: {Reason}")]
    public partial void BatchWaits(string reason);

    [LoggerMessage(31, LogLevel.Warning,
        "{Count} refused requests of the last minute are not in the audit list: more than it takes in a minute.")]
    public partial void RefusalsLeftOut(int count);

    [LoggerMessage(
        32, LogLevel.Warning,
        "Saga {SagaId} of {Definition} is stuck: a person should look. GET /sagas/{SagaId} says whom it waits for.")]
    public partial void Stuck(string sagaId, string definition);
}
