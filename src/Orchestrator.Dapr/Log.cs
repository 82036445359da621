using Microsoft.Extensions.Logging;

namespace Orchestrator.Dapr;

/// <summary>All that the Dapr engine logs.</summary>
internal sealed partial class Log(ILogger<Log> logger)
{
    [LoggerMessage(1, LogLevel.Information, "Connected to the sidecar at {Endpoint}.")]
    public partial void Connected(Uri endpoint);

    [LoggerMessage(2, LogLevel.Warning, "The stream of work is broken: {Reason} It is opened again in {Wait}.")]
    public partial void Disconnected(string reason, TimeSpan wait);

    [LoggerMessage(
        3, LogLevel.Warning, "Instance {InstanceId} is a copy of saga {SagaId} under another id; it was ended.")]
    public partial void Foreign(string instanceId, string sagaId);

    [LoggerMessage(4, LogLevel.Error, "Instance {InstanceId} cannot be folded and waits: {Reason}")]
    public partial void Unreadable(string instanceId, string reason);

    [LoggerMessage(
        5, LogLevel.Warning, "Saga {SagaId}: its history has {Bytes} bytes; near the message limit it stops.")]
    public partial void NearTheLimit(string sagaId, int bytes);

    [LoggerMessage(
        6, LogLevel.Warning, "Saga {SagaId}: the store has {Stored} events, the sidecar {Told}; the latter are taken.")]
    public partial void StoreIsAhead(string sagaId, int stored, int told);

    [LoggerMessage(
        7, LogLevel.Warning,
        "Saga {SagaId}: the store lacks events {Stored} to {Told}; the sidecar's extract is taken.")]
    public partial void HistoryIsIncomplete(string sagaId, int stored, int told);

    [LoggerMessage(8, LogLevel.Warning, "Saga {SagaId} is stored, its instance starts later. {Reason}")]
    public partial void StartPostponed(string sagaId, string reason);

    [LoggerMessage(9, LogLevel.Information, "Saga {SagaId} goes on in instance {InstanceId}.")]
    public partial void TakenOver(string sagaId, string instanceId);

    [LoggerMessage(10, LogLevel.Warning, "The instance of saga {SagaId} stays in the sidecar's store: {Reason}")]
    public partial void NotPurged(string sagaId, string reason);

    [LoggerMessage(11, LogLevel.Warning, "An answer for instance {InstanceId} was not taken by the sidecar: {Reason}")]
    public partial void NotTaken(string instanceId, string reason);

    [LoggerMessage(12, LogLevel.Error, "A call to {Participant} met an error of the caller's own.")]
    public partial void CallerBroke(string participant, Exception exception);

    [LoggerMessage(
        13, LogLevel.Warning, "Saga {SagaId} has not moved since {Since:o}; instance {InstanceId} is {State}.")]
    public partial void LookedAfter(string sagaId, DateTimeOffset since, string instanceId, string state);

    [LoggerMessage(14, LogLevel.Warning, "Saga {SagaId} could not be looked after: {Reason}")]
    public partial void NotLookedAfter(string sagaId, string reason);

    [LoggerMessage(15, LogLevel.Warning, "Instance {InstanceId} was ended: saga {SagaId} goes on in a later one.")]
    public partial void Superseded(string instanceId, string sagaId);

    [LoggerMessage(16, LogLevel.Error, "Instance {InstanceId} asked for an action that is no call of ours: {Reason}")]
    public partial void NoCall(string instanceId, string reason);

    [LoggerMessage(
        17, LogLevel.Warning, "The sidecar sent a kind of work this version does not know; it is left alone.")]
    public partial void UnknownWork();

    [LoggerMessage(18, LogLevel.Information, "Engine stopped; {Calls} calls under way were left to the sidecar.")]
    public partial void Stopped(int calls);

    [LoggerMessage(20, LogLevel.Warning, "Instance {InstanceId} carries no saga; it was ended.")]
    public partial void NotASaga(string instanceId);

    [LoggerMessage(
        21, LogLevel.Warning, "Saga {SagaId}: the instance that takes over is started again in {Wait}. {Reason}")]
    public partial void TakeOverPostponed(string sagaId, string reason, TimeSpan wait);

    [LoggerMessage(
        22, LogLevel.Error,
        "Saga {SagaId} does not move: Dapr has stalled its instance {InstanceId}, as it does near its limit for "
        + "messages. Raise the sidecar's --max-body-size (dapr.io/max-body-size) and start it again.")]
    public partial void Stalled(string sagaId, string instanceId);

    [LoggerMessage(
        23, LogLevel.Error,
        "Instance {InstanceId} waits: the sidecar sends its history in pieces, which this version does not read. "
        + "Turn that off in Dapr, or use a version of Dapr that is named in docs/dapr.md.")]
    public partial void Streamed(string instanceId);

    [LoggerMessage(
        24, LogLevel.Error,
        "Work for instance {InstanceId} was left out, all others go on: it has {Bytes} bytes and is {Why}.")]
    public partial void LeftOut(string instanceId, long bytes, string why);

    [LoggerMessage(19, LogLevel.Critical, "Work for instance {InstanceId} met an error of the engine's own.")]
    public partial void Broke(string instanceId, Exception exception);
}
