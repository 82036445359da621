using System.Data.Common;

namespace Orchestrator.Participant;

/// <summary>
/// What an undo of many gets: steps of one action whose expiry has passed, 1 to 250 of them, all still held. Use
/// <see cref="Connection" /> and <see cref="Transaction" /> for everything you write: then it is committed together
/// with all their ledger rows or not at all. Valid until the handler returns, for one thread at a time.
/// </summary>
/// <typeparam name="TData">What the steps received.</typeparam>
/// <typeparam name="TOutput">What they answered.</typeparam>
public sealed class SagaUndos<TData, TOutput>
{
    internal SagaUndos(string action, IReadOnlyList<SagaCall<TData, TOutput>> calls)
    {
        Action = action;
        Calls = calls;
        Connection = calls[0].Connection;
        Transaction = calls[0].Transaction;
        Services = calls[0].Services;
    }

    /// <summary>The action it was mapped under.</summary>
    public string Action { get; }

    /// <summary>
    /// What each of them received and answered; the steps of one saga newest first. They share one connection,
    /// transaction and scope of services.
    /// </summary>
    public IReadOnlyList<SagaCall<TData, TOutput>> Calls { get; }

    /// <summary>The open connection of the ledger rows. Neither close nor dispose it.</summary>
    public DbConnection Connection { get; }

    /// <summary>
    /// The transaction of the ledger rows. Neither commit nor roll it back; savepoints of your own are fine.
    /// </summary>
    public DbTransaction Transaction { get; }

    /// <summary>Services of a scope of its own.</summary>
    public IServiceProvider Services { get; }
}
