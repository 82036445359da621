namespace Orchestrator.Engine;

/// <summary>What started and ended in each minute of the last hour. Safe for any number of threads.</summary>
public interface ISagaMinutes
{
    /// <summary>
    /// The minutes of the last hour, oldest first, of every engine on the store, also from before this process: of the
    /// sagas that are stored, so one that was deleted is not in it after a restart. Where engines share a store it is
    /// read there, else it is counted. Throws <see cref="Ports.StoreUnavailableException" />.
    /// </summary>
    Task<IReadOnlyList<MinuteFigures>> ReadAsync(CancellationToken cancel);
}

/// <summary>What happened in one minute.</summary>
/// <param name="At">Its beginning.</param>
/// <param name="Started">Sagas started.</param>
/// <param name="Completed">Sagas completed.</param>
/// <param name="Compensated">Sagas compensated.</param>
public sealed record MinuteFigures(DateTimeOffset At, long Started, long Completed, long Compensated);
