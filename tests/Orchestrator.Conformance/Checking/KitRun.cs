using System.Collections.Concurrent;
using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Wire;

namespace Orchestrator.Conformance.Checking;

/// <summary>What all checks of one run share. Safe for any number of threads.</summary>
internal sealed class KitRun(
    KitOptions options, ParticipantClient client, TimeProvider clock, Func<CancellationToken, Task> restart)
{
    private readonly ConcurrentDictionary<string, Advice> advice = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> ledgers = new(StringComparer.Ordinal);
    private int withoutLedger;

    internal KitOptions Options => options;

    internal ParticipantClient Client => client;

    internal TimeProvider Clock => clock;

    /// <summary>Kills the participant and starts it again; it need not answer yet.</summary>
    internal Func<CancellationToken, Task> RestartAsync => restart;

    /// <summary>Null until it was seen whether the participant shows rows to operators.</summary>
    internal bool? ShowsRows { get; set; }

    /// <summary>What is only advised and was not found.</summary>
    internal IReadOnlyList<Advice> Advice => [.. advice.Values.OrderBy(each => each.Id, StringComparer.Ordinal)];

    /// <summary>Each ledger's id that was seen, with the message that brought it first.</summary>
    internal IReadOnlyDictionary<string, string> Ledgers => ledgers;

    /// <summary>Answers of the ledger that did not name it.</summary>
    internal int WithoutLedger => withoutLedger;

    internal void Advise(string id, string text, string example) => advice.AddOrUpdate(
        id, _ => new Advice(id, text, example, 1), (_, known) => known with { Times = known.Times + 1 });

    internal void Note(Command command, Reply reply)
    {
        if (reply.Failure is not null || reply.Status is not (200 or 409 or 410)) return;
        if (reply.Ledger is { } ledger)
            ledgers.TryAdd(ledger, command.Describe());
        else
            Interlocked.Increment(ref withoutLedger);
    }
}

/// <summary>Something the protocol advises, for the orchestrator believes who does without.</summary>
internal sealed record Advice(string Id, string Text, string Example, int Times);
