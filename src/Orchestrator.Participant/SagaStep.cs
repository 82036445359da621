using System.Text.Json.Serialization.Metadata;
using Orchestrator.Participant.Running;

namespace Orchestrator.Participant;

/// <summary>
/// The handlers of one action, filled in by <see cref="SagaParticipantExtensions.MapSagaStep" />. A handler that throws
/// changes nothing: its transaction is rolled back, and the command comes again. Handlers run in parallel for different
/// sagas, but never two at once for one step of one saga.
/// </summary>
/// <typeparam name="TData">What the step receives; read from JSON.</typeparam>
/// <typeparam name="TOutput">What it answers; written as JSON and kept in the ledger.</typeparam>
public sealed class SagaStep<TData, TOutput>
{
    internal Func<SagaCall<TData>, CancellationToken, Task<SagaAnswer<TOutput>>>? DoHandler { get; private set; }

    internal Func<SagaCall<TData, TOutput>, CancellationToken, Task>? UndoHandler { get; private set; }

    internal Func<SagaUndos<TData, TOutput>, CancellationToken, Task>? UndoManyHandler { get; private set; }

    internal Func<SagaCall<TData, TOutput>, CancellationToken, Task>? ConfirmHook { get; private set; }

    internal Func<SagaEnd<TData, TOutput>, CancellationToken, Task>? EndHook { get; private set; }

    internal JsonTypeInfo<TData>? DataType { get; private set; }

    internal JsonTypeInfo<TOutput>? OutputType { get; private set; }

    /// <summary>
    /// Sets the action. It answers an output or <see cref="SagaAnswer.Refuse" />; it runs at most once to success per
    /// step of a saga. Required.
    /// </summary>
    public SagaStep<TData, TOutput> Do(Func<SagaCall<TData>, CancellationToken, Task<SagaAnswer<TOutput>>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        DoHandler = handler;
        return this;
    }

    /// <summary>
    /// Sets the undo. It gets what the action received and answered, may come at any time after it, on command or at
    /// the expiry, and runs once to success. It must not refuse: when it throws it is tried again for ever. An action
    /// without an undo can only be a pivot or a retriable.
    /// </summary>
    public SagaStep<TData, TOutput> Undo(Func<SagaCall<TData, TOutput>, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        UndoHandler = handler;
        return this;
    }

    /// <summary>
    /// Sets an optional undo of many steps at once, beside <see cref="Undo" />: the participant's clock calls it when
    /// many expire together, so that they cost a few statements and not a few each. It must leave all of them as if
    /// <see cref="Undo" /> had undone one after the other. When it throws nothing of it stays, and
    /// <see cref="Undo" /> undoes them one by one; so one that cannot be undone does not hold up the others. An undo on
    /// command always goes to <see cref="Undo" />.
    /// </summary>
    public SagaStep<TData, TOutput> UndoMany(Func<SagaUndos<TData, TOutput>, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        UndoManyHandler = handler;
        return this;
    }

    /// <summary>Sets an optional hook in the transaction of the confirm: a reservation becomes a sale.</summary>
    /// <remarks>
    /// An undo can still follow, on the orchestrator's command. Pivot and retriable steps are not confirmed.
    /// </remarks>
    public SagaStep<TData, TOutput> OnConfirm(Func<SagaCall<TData, TOutput>, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ConfirmHook = handler;
        return this;
    }

    /// <summary>
    /// Sets an optional hook that runs once when the saga has ended, for steps that ran their action.
    /// </summary>
    public SagaStep<TData, TOutput> OnEnd(Func<SagaEnd<TData, TOutput>, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        EndHook = handler;
        return this;
    }

    /// <summary>
    /// Sets source-generated JSON for this step, in place of <see cref="SagaParticipantOptions.Json" />.
    /// </summary>
    public SagaStep<TData, TOutput> Json(JsonTypeInfo<TData> data, JsonTypeInfo<TOutput> output)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(output);
        DataType = data;
        OutputType = output;
        return this;
    }

    internal StepHandlers Build(string action, System.Text.Json.JsonSerializerOptions json)
    {
        if (DoHandler is null)
            throw new InvalidOperationException($"The saga step {action} has no action. Call step.Do(...).");
        if (UndoManyHandler is not null && UndoHandler is null)
            throw new InvalidOperationException(
                $"The saga step {action} can undo many steps, but not one. Call step.Undo(...) as well.");
        json.MakeReadOnly(populateMissingResolver: true);
        return new TypedHandlers<TData, TOutput>(action, this,
            DataType ?? (JsonTypeInfo<TData>)json.GetTypeInfo(typeof(TData)),
            OutputType ?? (JsonTypeInfo<TOutput>)json.GetTypeInfo(typeof(TOutput)));
    }
}
