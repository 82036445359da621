using System.Data.Common;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Servers;

/// <summary>What servers differ in when engines share them.</summary>
internal interface IServerDialect : ISqlDialect
{
    /// <summary>Opens a connection that may write beside the writer: what keeps this engine an owner.</summary>
    ValueTask<DbConnection> OpenKeeperAsync(CancellationToken cancel);

    /// <summary>
    /// See <see cref="ISharedStore.ClaimAsync" />, over the connection of a keeper. An owner that was stopped in the
    /// middle of whatever it did must not hold up the others by the locks it has.
    /// </summary>
    Task<IReadOnlyList<long>> ClaimAsync(
        DbConnection connection, long mine, IReadOnlyList<OwnerBeat> silent, CancellationToken cancel);
}
