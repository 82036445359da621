using System.Data.Common;

namespace Orchestrator.Participant;

/// <summary>
/// What a <c>do</c> handler gets. Use <see cref="Connection" /> and <see cref="Transaction" /> for everything you
/// write: then it is committed together with the ledger row or not at all. Valid until the handler returns, for one
/// thread at a time.
/// </summary>
/// <typeparam name="TData">What the step receives.</typeparam>
public class SagaCall<TData>
{
    internal SagaCall(CallFrame frame, TData data)
    {
        SagaId = frame.SagaId;
        Step = frame.Step;
        Action = frame.Action;
        Attempt = frame.Attempt;
        Connection = frame.Connection;
        Transaction = frame.Transaction;
        Services = frame.Services;
        Data = data;
    }

    /// <summary>
    /// The saga; the same for every attempt. Together with <see cref="Step" /> a key of your own rows.
    /// </summary>
    public string SagaId { get; }

    /// <summary>
    /// The step as the orchestrator names it; ends in <c>~2</c>, <c>~3</c> when it was sent again with other data.
    /// </summary>
    public string Step { get; }

    /// <summary>The action it was mapped under.</summary>
    public string Action { get; }

    /// <summary>
    /// 1, 2, 3 ...: the attempt of the command, or the try of an undo by the participant's own clock.
    /// </summary>
    public int Attempt { get; }

    /// <summary>What the step receives. An undo and a confirm get what the <c>do</c> got.</summary>
    public TData Data { get; }

    /// <summary>The open connection of the ledger row. Neither close nor dispose it.</summary>
    public DbConnection Connection { get; }

    /// <summary>
    /// The transaction of the ledger row. Neither commit nor roll it back; savepoints of your own are fine.
    /// </summary>
    public DbTransaction Transaction { get; }

    /// <summary>
    /// Services of this call: the request's, or a scope of its own when the participant's clock undoes.
    /// </summary>
    public IServiceProvider Services { get; }
}

/// <summary>What an undo and a confirm handler get: the call, and what the <c>do</c> answered.</summary>
/// <typeparam name="TData">What the step received.</typeparam>
/// <typeparam name="TOutput">What it answered.</typeparam>
public class SagaCall<TData, TOutput> : SagaCall<TData>
{
    internal SagaCall(CallFrame frame, TData data, TOutput output)
        : base(frame, data)
    {
        Output = output;
        WasConfirmed = frame.WasConfirmed;
        ByExpiry = frame.ByExpiry;
    }

    /// <summary>What the <c>do</c> answered.</summary>
    public TOutput Output { get; }

    /// <summary>True when the step had been confirmed before; false when it was only held.</summary>
    public bool WasConfirmed { get; }

    /// <summary>True when the expiry asks for the undo, false when the orchestrator does.</summary>
    public bool ByExpiry { get; }
}

/// <summary>What an end hook gets.</summary>
/// <typeparam name="TData">What the step received.</typeparam>
/// <typeparam name="TOutput">What it answered.</typeparam>
public sealed class SagaEnd<TData, TOutput> : SagaCall<TData, TOutput>
{
    internal SagaEnd(CallFrame frame, TData data, TOutput output, string outcome)
        : base(frame, data, output) => Outcome = outcome;

    /// <summary><c>completed</c> or <c>compensated</c>.</summary>
    public string Outcome { get; }
}
