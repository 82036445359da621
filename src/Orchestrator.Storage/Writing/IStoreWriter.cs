using System.Data.Common;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Writing;

/// <summary>The connection that writes. Used by one caller at a time.</summary>
internal interface IStoreWriter : IAsyncDisposable
{
    /// <summary>The connection, for reads between commits.</summary>
    DbConnection Connection { get; }

    /// <summary>Whose sagas these are: 0 where one engine has the whole store.</summary>
    long Owner { get; }

    /// <summary>What <see cref="ISagaStore.OpenAsync" /> answers.</summary>
    long LastNumber { get; }

    /// <summary>
    /// How many commits its owner has made by now, where the store counts them: tells of one whose fate was unknown
    /// whether it was made. Below zero where <see cref="LastNumber" /> tells it.
    /// </summary>
    long Commits { get; }

    /// <summary>True when the commit that failed may be written all the same.</summary>
    bool FateUnknown { get; }

    /// <summary>
    /// Writes a commit: all of it or nothing. Throws what the driver throws, and
    /// <see cref="StoreUnavailableException" /> when another engine wrote what this one relies on.
    /// </summary>
    Task WriteAsync(StoreCommit commit, CancellationToken cancel);
}
