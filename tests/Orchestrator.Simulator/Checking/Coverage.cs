using Orchestrator.Contract;
using Orchestrator.Core.History;

namespace Orchestrator.Simulator.Checking;

/// <summary>What worlds have been through: which cells of the ledger's table, and which event in which phase.</summary>
internal sealed class Coverage
{
    private static readonly string[] States = ["none", "held", "confirmed", "undone", "refused", "barred"];

    private readonly SortedDictionary<string, long> cells = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> events = new(StringComparer.Ordinal);

    /// <summary>Cells of the ledger's table with their counts.</summary>
    public IReadOnlyDictionary<string, long> Cells => cells;

    /// <summary>Events by phase with their counts.</summary>
    public IReadOnlyDictionary<string, long> Events => events;

    /// <summary>A command came to a row in this state and was answered with this code.</summary>
    public void Cell(AskedRow row, string code, string after)
    {
        if (code == "?") return;
        Add(cells, $"{row.Command} of {KindOf(row.Kind)} on {row.State}");
        if (code.Length > 0 || after != row.State)
        {
            var said = code.Length > 0 ? code + ", " : "";
            Add(cells, $"{row.Command} of {KindOf(row.Kind)} on {row.State}: {said}{after}");
        }
    }

    /// <summary>An event was recorded in this phase.</summary>
    public void Event(StartedSaga? before, SagaEvent e)
    {
        if (before is not null) Add(events, $"{before.GetType().Name} x {NameOf(e)}");
    }

    /// <summary>Adds what another world went through.</summary>
    public void Add(Coverage other)
    {
        foreach (var (key, count) in other.cells) cells[key] = cells.GetValueOrDefault(key) + count;
        foreach (var (key, count) in other.events) events[key] = events.GetValueOrDefault(key) + count;
    }

    /// <summary>The cells of state and command no world went through.</summary>
    public IEnumerable<string> MissingCells() =>
        from command in Enum.GetValues<CommandKind>().Select(WireWords.Of)
        from kind in new[] { "compensatable", "pivot or retriable" }
        from state in States
        let cell = $"{command} of {kind} on {state}"
        where !cells.ContainsKey(cell)
        select cell;

    /// <summary>The pairs of phase and event no world went through.</summary>
    public IEnumerable<string> MissingEvents() =>
        from phase in Concrete(typeof(StartedSaga))
        from name in Concrete(typeof(SagaEvent)).SelectMany(Names)
        let pair = $"{phase.Name} x {name}"
        where !events.ContainsKey(pair)
        select pair;

    private static string KindOf(string kind) =>
        kind is "pivot" or "retriable" ? "pivot or retriable" : "compensatable";

    /// <summary>The start comes before every phase, and counted tries are never stored.</summary>
    private static IEnumerable<Type> Concrete(Type union) => union.Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(union) && !type.IsAbstract)
        .Where(type => type != typeof(TriesCounted) && type != typeof(SagaStarted))
        .OrderBy(type => type.Name, StringComparer.Ordinal);

    private static IEnumerable<string> Names(Type type) => type == typeof(CallAnswered)
        ? Enum.GetValues<CommandKind>().Select(command => $"{type.Name} {WireWords.Of(command)}")
        : [type.Name];

    private static string NameOf(SagaEvent e) => e is CallAnswered answered
        ? $"{nameof(CallAnswered)} {WireWords.Of(answered.Command)}"
        : e.GetType().Name;

    private static void Add(SortedDictionary<string, long> counts, string key) =>
        counts[key] = counts.GetValueOrDefault(key) + 1;
}
