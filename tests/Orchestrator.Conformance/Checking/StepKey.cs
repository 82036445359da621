using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Wire;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checking;

/// <summary>One step of one saga of the kit's own: makes its commands and sends them.</summary>
internal sealed class StepKey(Trial trial, OfferedStep step, string sagaId, string stepName)
{
    private int extensions;

    internal string SagaId => sagaId;

    internal OfferedStep Step => step;

    /// <summary>The expiry that the commands carry; compensatable steps only.</summary>
    internal DateTimeOffset ExpiresAt { get; set; } = Instants.ToMilliseconds(trial.Now + KitLimits.LongHold);

    internal Command Do(StepData? data = null) =>
        Build(CommandKind.Do, WireWords.Of(CommandKind.Do), data ?? step.Data, step.Kind == WireKind.Compensatable);

    internal Command Confirm() =>
        Build(CommandKind.Confirm, WireWords.Of(CommandKind.Confirm), step.Data, step.Kind == WireKind.Compensatable);

    internal Command Undo() =>
        Build(CommandKind.Undo, WireWords.Of(CommandKind.Undo), step.Data, step.Kind == WireKind.Compensatable);

    internal Task<Sent> DoAsync(StepData? data = null)
    {
        trial.WillUndo(this);
        return trial.SendAsync(Do(data));
    }

    /// <summary>The same do once more, stamped with an expiry that has passed.</summary>
    internal Task<Sent> DoLateAsync(StepData? data = null)
    {
        trial.WillUndo(this);
        var past = Instants.ToMilliseconds(trial.Now - TimeSpan.FromSeconds(30));
        return trial.SendAsync(Do(data).Expiring(past, past - trial.Now));
    }

    internal Task<Sent> ConfirmAsync() => trial.SendAsync(Confirm());

    internal Task<Sent> UndoAsync() => trial.SendAsync(Undo());

    internal Task<Sent> ExtendAsync(DateTimeOffset expiresAt)
    {
        extensions++;
        var command = Build(CommandKind.Extend, $"extend-{extensions}", step.Data, isArmed: true);
        return trial.SendAsync(command.Expiring(expiresAt, expiresAt - trial.Now));
    }

    /// <summary>The row, as operators see it; null when this participant shows none.</summary>
    internal async Task<Row?> RowAsync()
    {
        if (trial.Run.ShowsRows == false) return null;
        var sent = await trial.SendAsync(new Command
        {
            Method = HttpMethod.Get,
            Path = $"{trial.Options.Prefix}/{Uri.EscapeDataString(stepName)}/{Uri.EscapeDataString(sagaId)}",
            Headers = new Dictionary<string, string?>(StringComparer.Ordinal),
        });
        return new Row(sent);
    }

    /// <summary>The row is in this state, where the participant shows rows.</summary>
    internal async Task RowIsAsync(params string[] states) => (await RowAsync())?.IsIn(states);

    private Command Build(CommandKind kind, string last, StepData data, bool isArmed)
    {
        var word = WireWords.Of(kind);
        var now = trial.Now;
        var command = new Command
        {
            Path = Path(kind, word),
            Body = data.For(sagaId),
            Headers = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                [SagaHeaders.SpecVersion] = "1.0",
                [SagaHeaders.Type] = SagaEventTypes.Of(kind),
                [SagaHeaders.Id] = $"{sagaId}/{stepName}/{last}",
                [SagaHeaders.Source] = "/sagas/conformance",
                [SagaHeaders.Time] = Instants.Write(now),
                [SagaHeaders.SagaId] = sagaId,
                [SagaHeaders.SagaStep] = stepName,
                [SagaHeaders.SagaAction] = step.Name,
                [SagaHeaders.SagaKind] = WireWords.Of(step.Kind),
                [SagaHeaders.SagaAttempt] = "1",
                [SagaHeaders.TraceParent] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            },
        };
        return isArmed && !trial.Options.IsUnarmed ? command.Expiring(ExpiresAt, ExpiresAt - now) : command;
    }

    private string Path(CommandKind kind, string word)
    {
        var own = kind switch
        {
            CommandKind.Do => trial.Options.DoPath,
            CommandKind.Undo => trial.Options.UndoPath,
            _ => null,
        };
        return own is not null && trial.Options.IsUnarmed
            ? "/" + own.TrimStart('/') : $"{trial.Options.Prefix}/{Uri.EscapeDataString(step.Name)}/{word}";
    }
}
