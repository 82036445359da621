using Orchestrator.Engine.Ports;

namespace Orchestrator.Simulator.Storing;

/// <summary>A world without batches, whose audit list nobody reads.</summary>
internal sealed class NothingToOperate : IBatchStore, IAuditQueries
{
    /// <inheritdoc />
    public Task<IReadOnlyList<RunningBatch>> RunningAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<RunningBatch>>([]);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> NextAsync(string batch, string after, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> FindOldAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <inheritdoc />
    public Task<AuditPage> ListAsync(AuditFilter filter, CancellationToken cancel) =>
        Task.FromResult(new AuditPage([], null));

    /// <inheritdoc />
    public Task<long> FindOldAsync(DateTimeOffset before, long keep, int limit, CancellationToken cancel) =>
        Task.FromResult(0L);
}
