using System.Text;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Simulator.Carrying;
using Orchestrator.Simulator.Participating;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Checking;

/// <summary>A command and the state of its row before it is served; an empty command is none.</summary>
internal readonly record struct AskedRow(LedgerKey Key, string Command, string Kind, string State);

/// <summary>
/// Holds every move of every ledger against the table of docs/protocol.md section 2 and the sagas' states.
/// </summary>
internal sealed class LedgerTruth(World world)
{
    private static readonly string[] Final = ["undone", "refused", "barred"];

    private readonly Dictionary<LedgerKey, string> outputs = [];

    public void Asked(string saga, string step, Order order)
    {
        if (order.Saga != saga) Wrong("wire", $"{saga}/{step} was asked to act for {order.Saga}");
        if (order.From is { } from && !from.StartsWith(saga + "/", StringComparison.Ordinal) && from != "plain")
            Wrong("mapping", $"{saga}/{step} was given the output {from}");
    }

    public AskedRow StateOf(ParticipantDisk disk, SimulatedRequest request)
    {
        Func<string, string?> attribute = name => request[name];
        if (request.Path == "/saga/events")
        {
            var read = StructuredEvent.Read(new JsonData(request.Body)).Event!;
            attribute = name => read[SagaAttributes.Of(name)];
        }

        if (!SagaEventTypes.TryRead(attribute(SagaHeaders.Type), out var command))
            return new AskedRow(default, "", "", "");
        var key = new LedgerKey(attribute(SagaHeaders.SagaId)!, attribute(SagaHeaders.SagaStep)!);
        var row = disk.Rows.GetValueOrDefault(key);
        return new AskedRow(
            key, WireWords.Of(command), attribute(SagaHeaders.SagaKind) ?? "", row?.State ?? "none");
    }

    public void Answered(
        ParticipantDisk disk, SimulatedProcess process, SimulatedRequest request, AskedRow before,
        SimulatedResponse response)
    {
        world.Journal.Note(
            $"{process.Name} {before.Command} {before.Key} ({before.State}): {response.Status}", response.Body);
        if (before.Command.Length == 0) return;
        var code = CodeOf(response);
        var after = disk.Rows.GetValueOrDefault(before.Key)?.State ?? "none";
        if (request.Path == "/saga/events")
        {
            world.Coverage.Cell(before, "over the broker", after);
            return;
        }

        world.Coverage.Cell(before, code, after);
        if (code is "malformed" or "key-reused")
            Wrong("wire", $"{before.Command} of {before.Key} was answered {Encoding.UTF8.GetString(response.Body)}");
        if (code.Length > 0 && response.Status is not (500 or 503) && before.State != after
            && !(before.State is "none" or "held"))
            Wrong("P6", $"{before.Command} of {before.Key} was answered {code} and moved {before.State} to {after}");
        if (before.Command != WireWords.Of(CommandKind.Do) || response.Status != 200) return;
        var output = Encoding.UTF8.GetString(response.Body);
        if (!outputs.TryAdd(before.Key, output) && outputs[before.Key] != output)
            Wrong("ledger", $"{before.Key} was answered {outputs[before.Key]} and then {output}");
    }

    public void Moved(
        ParticipantDisk disk, SimulatedProcess process, Dictionary<LedgerKey, SeenRow> before,
        Dictionary<LedgerKey, SeenRow> after)
    {
        foreach (var (key, row) in after)
        {
            var old = before.GetValueOrDefault(key);
            CheckBooks(key, row);
            if (old == row) continue;
            if (old?.State != row.State)
                world.Journal.Note($"{process.Name} {key}: {old?.State ?? "none"} -> {row.State} {row.Code}");
            CheckMove(process, key, old, row);
        }

        foreach (var (key, old) in before)
        {
            if (after.ContainsKey(key)) continue;
            world.Journal.Note($"{process.Name} {key}: {old.State} is purged");
            var isKept = old.State == "confirmed" && (old.Kind != "compensatable" || old.EndedAs == "completed");
            if (!old.IsEnded || !(isKept || Final.Contains(old.State)))
                Wrong("purge", $"{key} was purged while {old.State}");
        }
    }

    public void Ended(string id, SagaTruth saga, SagaEnded end)
    {
        var isCompleted = end.Outcome == SagaOutcome.Completed;
        foreach (var step in saga.Saga!.AllKeys())
        {
            if (step.Definition.Kind == StepKind.Unarmed || step.IsResolved) continue;
            // A person's word stands for a step that no participant has done.
            if (step.Definition.Kind != StepKind.Compensatable && saga.IsResolved) continue;
            var state = RowOf(step.Definition.Participant, new LedgerKey(id, step.Key))?.State ?? "none";
            var isKept = isCompleted && saga.Saga!.Steps.Contains(step);
            if (isKept ? state != "confirmed" : state is "held" or "confirmed")
                Wrong("P3", $"saga {id} is {end.Outcome} and {step.Key} is {state}");
        }
    }

    public void Close(ParticipantNode node)
    {
        var kept = 0L;
        foreach (var (key, row) in node.Disk.Rows)
        {
            var ended = world.Truth.StateOf(key.SagaId) as Ended;
            if (row.State == "confirmed" && ended?.End.Outcome != SagaOutcome.Completed)
                Wrong("books", $"{node.Name} keeps {key} of a saga that is {ended?.End.Outcome}");
            if (row.State == "held") Wrong("books", $"{node.Name} holds {key} for ever");
        }

        foreach (var (amount, isKept) in node.Disk.Moves())
            if (isKept)
                kept += amount;
        if (node.Disk.Balance != kept) Wrong("books", $"{node.Name} has {node.Disk.Balance} and its moves make {kept}");
    }

    private void CheckMove(SimulatedProcess process, LedgerKey key, SeenRow? old, SeenRow row)
    {
        var saga = world.Truth.Find(key.SagaId);
        if (saga?.Saga is not { } state)
        {
            Wrong("store first", $"{key} is {row.State} and its saga is not on disk");
            return;
        }

        var before = old?.State ?? "none";
        if (!IsAllowed(before, row)) Wrong("ledger", $"{key} went from {before} to {row.State}");
        if (old is not null && old.Answer != row.Answer && before != "none")
            Wrong("ledger", $"{key} was stored with the answer {old.Answer} and now has {row.Answer}");
        if (before == row.State) return;
        switch (row.State)
        {
            case "held" or "confirmed" when before == "none":
                CheckDone(key, row, saga, state);
                break;
            case "confirmed":
                if (row.ExpiresAt <= process.Clock.GetUtcNow())
                    Wrong("ledger", $"{key} was confirmed after its expiry {row.ExpiresAt}");
                if (state is Doing) Wrong("P3", $"{key} was confirmed while its saga is doing");
                break;
            case "undone":
                CheckUndone(key, before, row, saga, state);
                break;
        }
    }

    private void CheckDone(LedgerKey key, SeenRow row, SagaTruth saga, StartedSaga state)
    {
        if (row.Answer is null) Wrong("ledger", $"{key} is {row.State} without an answer");
        if (row.State == "held" && row.ExpiresAt > saga.LatestExpiry)
            Wrong("P7", $"{key} is armed until {row.ExpiresAt}, its saga ends by {saga.LatestExpiry}");
        foreach (var other in state.AllKeys())
        {
            if (other.Definition.Name != key.Name || other.Key == key.Step) continue;
            var beside = RowOf(other.Definition.Participant, new LedgerKey(key.SagaId, other.Key));
            if (beside?.State is "held" or "confirmed")
                Wrong("effect", $"{key} was done while {other.Key} stands");
        }

        if (row.Kind != "pivot") return;
        saga.PivotHasRun = true;
        foreach (var step in state.Steps)
        {
            if (step.Definition.Kind != StepKind.Compensatable) continue;
            var armed = RowOf(step.Definition.Participant, new LedgerKey(key.SagaId, step.Key));
            if (armed?.State != "confirmed")
                Wrong("P5", $"the pivot {key} ran and {step.Key} is {armed?.State ?? "none"}");
        }
    }

    private void CheckUndone(LedgerKey key, string before, SeenRow row, SagaTruth saga, StartedSaga state)
    {
        var isByExpiry = row.Code == "expired";
        if (before == "confirmed" && isByExpiry) Wrong("P1", $"{key} was confirmed and undone by its own clock");
        if (saga.PivotHasRun) Wrong("P5", $"{key} was undone after the pivot");
        if (isByExpiry) return;
        var isCurrent = state.Steps.Any(step => step.Key == key.Step);
        if (isCurrent && state is not (Compensating or Core.History.Ended { End.Outcome: SagaOutcome.Compensated }))
            Wrong("P3", $"{key} was undone on command while its saga is {state.Phase()}");
    }

    /// <summary>The effect of a step happened exactly as often as its row says.</summary>
    private void CheckBooks(LedgerKey key, SeenRow row)
    {
        var (done, undone, confirmed) = row.State switch
        {
            "held" => (1, 0, 0),
            "confirmed" => (1, 0, row.Kind == "compensatable" ? 1 : 0),
            "undone" => (1, 1, row.Confirmed),
            _ => (0, 0, 0),
        };
        if ((row.Done, row.Undone, row.Confirmed) != (done, undone, confirmed) || confirmed > 1)
        {
            Wrong("effect", $"{key} is {row.State}; it was done {row.Done}, undone {row.Undone} and confirmed "
                + $"{row.Confirmed} times");
        }
    }

    private static bool IsAllowed(string before, SeenRow row) => (before, row.State) switch
    {
        ("none", "held") => row.Kind == "compensatable",
        ("none", "confirmed") => row.Kind != "compensatable",
        ("none", "refused" or "barred") => true,
        ("held", "held" or "confirmed" or "undone") => true,
        ("confirmed", "undone") => row.Kind == "compensatable",
        var (from, to) => from == to,
    };

    private static string CodeOf(SimulatedResponse response)
    {
        if (response.Status == 200) return "";
        var text = Encoding.UTF8.GetString(response.Body);
        const string mark = "\"code\":\"";
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? "?" : text[(at + mark.Length)..text.IndexOf('"', at + mark.Length)];
    }

    private SeenRow? RowOf(string participant, LedgerKey key) =>
        world.ParticipantOf(participant).Disk.Rows.GetValueOrDefault(key);

    private void Wrong(string promise, string what) => world.Journal.Wrong(promise, what);
}
