using System.Data.Common;
using Orchestrator.Storage.Writing;

namespace Orchestrator.Storage;

/// <summary>What really differs between databases. Everything else is the same SQL for all of them.</summary>
internal interface ISqlDialect : IAsyncDisposable
{
    /// <summary>The words of its queries.</summary>
    SqlWords Words { get; }

    /// <summary>
    /// Takes what is this engine's, brings the schema up to date and opens the one connection that writes; the one
    /// opened before has been disposed of. Throws <see cref="Orchestrator.Engine.Ports.StoreInUseException" /> and
    /// <see cref="Orchestrator.Engine.Ports.StoreUnavailableException" />.
    /// </summary>
    ValueTask<IStoreWriter> OpenWriterAsync(CancellationToken cancel);

    /// <summary>Opens a connection that only reads and never waits for the writer.</summary>
    ValueTask<DbConnection> OpenReaderAsync(CancellationToken cancel);

    /// <summary>
    /// Closes the idle reading connections. Done before the writer is closed, so that the writer is the last one and
    /// leaves the database in one piece.
    /// </summary>
    void CloseReaders();

    /// <summary>
    /// What a driver's exception means, in a sentence that says what to do; null when it is none of the driver's.
    /// </summary>
    string? Explain(Exception exception);

    /// <summary>
    /// True for an error of one row, which the same row would meet again: a broken constraint, a value too big.
    /// </summary>
    bool IsConflict(Exception exception);
}
