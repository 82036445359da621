using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchestrator.Contract;

namespace Orchestrator.Participant.Running;

/// <summary>Binds JSON to the types of a step and calls what the user wrote.</summary>
internal sealed class TypedHandlers<TData, TOutput>(
    string action, SagaStep<TData, TOutput> step, JsonTypeInfo<TData> dataType, JsonTypeInfo<TOutput> outputType)
    : StepHandlers(action)
{
    internal override bool CanUndo => step.UndoHandler is not null;

    internal override bool CanUndoMany => step.UndoManyHandler is not null;

    internal override bool HasConfirm => step.ConfirmHook is not null;

    internal override bool HasEnd => step.EndHook is not null;

    internal override async Task<DoAnswer> DoAsync(CallFrame frame, JsonData data, CancellationToken cancel)
    {
        TData bound;
        try
        {
            bound = Bind(data);
        }
        catch (JsonException unfit)
        {
            return new DoAnswer.Unreadable(
                $"The data does not fit the action {Action} at {unfit.Path ?? "$"}: {Words(unfit)}");
        }

        var answer = await step.DoHandler!(new SagaCall<TData>(frame, bound), cancel);
        if (answer.Refusal is { } refusal) return new DoAnswer.Refused(refusal.Text);
        return new DoAnswer.Done(new JsonData(JsonSerializer.SerializeToUtf8Bytes(answer.Output!, outputType)));
    }

    internal override Task UndoAsync(CallFrame frame, JsonData data, JsonData output, CancellationToken cancel)
    {
        if (step.UndoHandler is not { } undo)
            throw new InvalidOperationException(
                $"The action {Action} has no undo any more. Map one with step.Undo(...).");
        return undo(new SagaCall<TData, TOutput>(frame, Bind(data), Read(output)), cancel);
    }

    internal override Task UndoManyAsync(IReadOnlyList<UndoInput> undos, CancellationToken cancel)
    {
        var calls = new SagaCall<TData, TOutput>[undos.Count];
        for (var i = 0; i < calls.Length; i++)
            calls[i] = new SagaCall<TData, TOutput>(undos[i].Frame, Bind(undos[i].Data), Read(undos[i].Output));
        return step.UndoManyHandler!(new SagaUndos<TData, TOutput>(Action, calls), cancel);
    }

    internal override Task ConfirmAsync(CallFrame frame, JsonData data, JsonData output, CancellationToken cancel) =>
        step.ConfirmHook is { } confirm
            ? confirm(new SagaCall<TData, TOutput>(frame, Bind(data), Read(output)), cancel)
            : Task.CompletedTask;

    internal override Task EndAsync(
        CallFrame frame, JsonData data, JsonData output, string outcome, CancellationToken cancel) =>
        step.EndHook is { } end
            ? end(new SagaEnd<TData, TOutput>(frame, Bind(data), Read(output), outcome), cancel)
            : Task.CompletedTask;

    // System.Text.Json appends where it was; the path is already named, and a line number means nothing to the sender.
    private static string Words(JsonException exception)
    {
        var end = exception.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? exception.Message : exception.Message[..end];
    }

    private TData Bind(JsonData data)
    {
        var bound = JsonSerializer.Deserialize(data.Utf8.Span, dataType);
        if (bound is null && default(TData) is null && typeof(TData).IsClass && typeof(TData) != typeof(object))
            throw new JsonException("It is null.", "$", null, null);
        return bound!;
    }

    private TOutput Read(JsonData output) => JsonSerializer.Deserialize(output.Utf8.Span, outputType)!;
}
