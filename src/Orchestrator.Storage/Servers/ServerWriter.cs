using System.Data.Common;
using Orchestrator.Engine.Ports;
using Orchestrator.Storage.Writing;

namespace Orchestrator.Storage.Servers;

/// <summary>
/// Writes a commit on a server: everything in one message, so that no engine that stops in the middle holds a lock that
/// the others wait for. The numbers are given out there, and that the engine still owns its sagas is checked there too,
/// in the same transaction.
/// </summary>
internal abstract class ServerWriter : IStoreWriter
{
    private readonly List<RowBuffer> buffers = [];
    private readonly CommitWriter rows;

    protected ServerWriter(DbConnection connection, Ownership ownership)
    {
        Connection = connection;
        Owner = ownership.Token;
        LastNumber = ownership.LastNumber;
        Commits = ownership.Commits;
        rows = new CommitWriter(Buffer, Owner);
    }

    /// <inheritdoc />
    public DbConnection Connection { get; }

    /// <inheritdoc />
    public long Owner { get; }

    /// <inheritdoc />
    public long LastNumber { get; }

    /// <inheritdoc />
    public long Commits { get; private set; }

    /// <inheritdoc />
    public bool FateUnknown { get; private set; }

    /// <inheritdoc />
    public async Task WriteAsync(StoreCommit commit, CancellationToken cancel)
    {
        if (commit.Number <= commit.Base)
            throw new StoreUnavailableException(
                $"Commit {commit.Number} is not above the last one, {commit.Base}: that is a bug of the engine.");
        foreach (var buffer in buffers) buffer.Clear();
        rows.Write(commit);
        var parts = buffers.Where(buffer => buffer.Rows.Count > 0).ToList();
        FateUnknown = true;
        try
        {
            commit.MoveTo(await SendAsync(new CommitHead(Owner, Commits + 1, commit), parts, cancel));
            Commits++;
            FateUnknown = false;
        }
        catch (DbException e)
        {
            FateUnknown = !WasRolledBack(e);
            throw;
        }
    }

    /// <inheritdoc />
    public virtual ValueTask DisposeAsync() => Connection.DisposeAsync();

    /// <summary>Sends all of it and answers the number the commit was given.</summary>
    protected abstract Task<long> SendAsync(CommitHead head, IReadOnlyList<RowBuffer> parts, CancellationToken cancel);

    /// <summary>True when the error says that nothing was written.</summary>
    protected abstract bool WasRolledBack(DbException exception);

    private RowBuffer Buffer(RowStatement statement)
    {
        var buffer = new RowBuffer(statement);
        buffers.Add(buffer);
        return buffer;
    }
}

/// <summary>What a commit on a server begins with.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Made">How many its owner has made with it: one that is late, or comes twice, is refused.</param>
/// <param name="Commit">The commit.</param>
internal readonly record struct CommitHead(long Owner, long Made, StoreCommit Commit)
{
    /// <summary>How many numbers it needs.</summary>
    public long Numbers => Commit.Number - Commit.Base;

    /// <summary>True when the others have to read definitions and participants anew.</summary>
    public bool ChangesCatalog => Commit.Definitions.Count > 0 || Commit.Participants.Count > 0;
}
