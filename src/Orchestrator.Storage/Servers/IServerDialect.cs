using System.Data.Common;

namespace Orchestrator.Storage.Servers;

/// <summary>What servers differ in when engines share them.</summary>
internal interface IServerDialect : ISqlDialect
{
    /// <summary>Opens a connection that may write beside the writer: what keeps this engine an owner.</summary>
    ValueTask<DbConnection> OpenKeeperAsync(CancellationToken cancel);

    /// <summary>
    /// Ends the connections of an owner that is to be taken out, where that can be done: one that was stopped in the
    /// middle of a commit would hold its locks for ever.
    /// </summary>
    Task CutOffAsync(DbConnection connection, long token, CancellationToken cancel);
}
