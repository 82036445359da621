using System.Globalization;
using System.Text;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.DefinitionFiles;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Orchestrating;

/// <summary>Writes definitions of every shape the rules allow, and reads them as the product does.</summary>
internal static class RandomDefinitions
{
    /// <summary>A plain HTTP service that keeps no ledger.</summary>
    public const string Plain = "plain";

    /// <summary>A definition over these participants; some of them are reached over the broker.</summary>
    public static SagaDefinition Make(string name, IReadOnlyList<(string Name, bool ViaPubSub)> participants, Dice dice)
    {
        var kinds = Kinds(dice);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"name: {name}\n");
        var longest = dice.Chance(0.3) ? 60_000 : 15_000;
        text.Append(CultureInfo.InvariantCulture, $"deadline: {dice.Between(1500, longest)}ms\n");
        text.Append(CultureInfo.InvariantCulture, $"maxDeadline: 2h\nguard: {dice.Pick([100, 500, 1000])}ms\n");
        text.Append("retry: ").Append(Retry(dice)).Append("\nparticipants:\n");
        foreach (var (participant, viaPubSub) in participants)
            text.Append(CultureInfo.InvariantCulture,
                $"  {participant}: {{ url: \"http://{participant}.sim\"{(viaPubSub ? ", via: pubsub" : "")} }}\n");
        if (kinds.Contains(StepKind.Unarmed)) text.Append("  plain: { url: \"http://plain.sim\" }\n");
        text.Append("steps:\n");
        for (var i = 0; i < kinds.Count; i++) AddStep(text, kinds, i, participants, dice);
        if (dice.Chance(0.5)) text.Append("output: { last: $.steps.s").Append(kinds.Count - 1).Append(".output.id }\n");
        var read = DefinitionFile.Read(Encoding.UTF8.GetBytes(text.ToString()), DefinitionFormat.Yaml);
        return read.Definition
            ?? throw new InvalidOperationException(string.Join('\n', read.Problems) + "\n" + text);
    }

    private static void AddStep(
        StringBuilder text, List<StepKind> kinds, int i, IReadOnlyList<(string Name, bool ViaPubSub)> participants,
        Dice dice)
    {
        var kind = kinds[i];
        var participant = kind == StepKind.Unarmed ? Plain : dice.Pick(participants).Name;
        text.Append(CultureInfo.InvariantCulture, $"  - name: s{i}\n    participant: {participant}\n");
        var canBeUndone = kind is StepKind.Compensatable or StepKind.Unarmed;
        text.Append(canBeUndone || dice.Chance(0.3) ? "    action: take\n" : "    action: settle\n");
        if (kind == StepKind.Unarmed) text.Append("    confirm: none\n");
        if (kind is StepKind.Pivot) text.Append("    kind: pivot\n");
        if (kind is StepKind.Retriable) text.Append("    kind: retriable\n");
        if (dice.Chance(0.3)) text.Append("    retry: ").Append(Retry(dice)).Append('\n');
        var from = i > 0 && dice.Chance(0.6) ? $", from: $.steps.s{dice.Below(i)}.output.id" : "";
        var maybe = dice.Chance(0.1) ? ", maybe: $.input.maybe" : "";
        text.Append(CultureInfo.InvariantCulture,
            $"    input: {{ saga: $.saga.id, amount: $.input.amount{from}{maybe} }}\n");
    }

    private static List<StepKind> Kinds(Dice dice)
    {
        var kinds = new List<StepKind>();
        var before = dice.Below(5);
        for (var i = 0; i < before; i++) kinds.Add(dice.Chance(0.12) ? StepKind.Unarmed : StepKind.Compensatable);
        if (dice.Chance(0.5)) kinds.Add(StepKind.Pivot);
        var after = dice.Below(3);
        for (var i = 0; i < after; i++) kinds.Add(StepKind.Retriable);
        if (kinds.Count == 0) kinds.Add(StepKind.Compensatable);
        return kinds;
    }

    private static string Retry(Dice dice)
    {
        var (first, factor, longest) = (dice.Pick([50, 200, 1000]), dice.Pick([1, 2, 3]), dice.Pick([2, 5, 30]));
        var (attempts, timeout) = (dice.Pick([1, 3, 10]), dice.Pick([200, 1000, 5000]));
        return $"{{ first: {first}ms, factor: {factor}, longest: {longest}s, attempts: {attempts}, "
            + $"timeout: {timeout}ms }}";
    }
}
