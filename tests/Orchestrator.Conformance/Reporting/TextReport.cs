using System.Globalization;
using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Reporting;

/// <summary>The report for a person who knows nothing of the kit.</summary>
internal sealed class TextReport(TextWriter output, KitOptions options)
{
    internal void Begin()
    {
        var steps = new[] { options.Step, options.Pivot, options.Retriable }.OfType<OfferedStep>()
            .Select(step => $"{step.Name} ({(options.IsUnarmed ? "unarmed" : WireWords.Of(step.Kind))})");
        output.WriteLine($"Participant {options.Address}: {string.Join(", ", steps)}");
        output.WriteLine("Each line is a promise of docs/protocol.md. \"goods\" are what --probe shows of the business.");
        if (options is { Probe: null }) output.WriteLine("No --probe was given: only what the participant says of itself is seen.");
        output.WriteLine();
    }

    internal void Tell(Played played)
    {
        var check = played.Check;
        var seconds = played.Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        output.WriteLine($"{Word(played.Verdict),-11} {check.Id,-30} {check.Title}{(played.Took.TotalSeconds >= 1 ? $"  ({seconds} s)" : "")}");
        if (played.Verdict is Verdict.NotChecked or Verdict.Untold) output.WriteLine($"{"",12}{played.Why}");
        if (played.Verdict == Verdict.Broken)
        {
            output.WriteLine($"{"",12}it means    {check.Means}");
            output.WriteLine($"{"",12}see         docs/protocol.md, {check.Section}");
        }

        if (played.Verdict == Verdict.Broken || options.IsVerbose) Tell(played.Exchanges);
        if (played.Verdict == Verdict.Broken && !played.Exchanges.Any(exchange => exchange.Wrong is not null))
            output.WriteLine($"{"",12}why         {played.Why}");
    }

    internal void End(KitSummary summary)
    {
        output.WriteLine();
        foreach (var advice in summary.Advice)
        {
            var times = advice.Times == 1 ? "once" : $"{advice.Times} times, first";
            output.WriteLine($"advised     {advice.Id,-30} {advice.Text} ({times}:)");
            output.WriteLine($"{"",12}{advice.Example}");
        }

        output.WriteLine(
            $"{summary.Kept} kept, {summary.Broken} broken, {summary.NotChecked} not checked, {summary.Untold} that could "
            + $"not be told, {summary.Advice.Count} advised.");
        output.WriteLine(summary.ExitCode switch
        {
            0 => "This participant keeps the protocol as far as it was checked.",
            3 => "Nothing was broken, but some of it could not be told here: run it again.",
            _ => "This participant does NOT keep the protocol.",
        });
    }

    private void Tell(IReadOnlyList<Exchange> exchanges)
    {
        foreach (var exchange in exchanges)
        {
            output.WriteLine($"{"",12}sent        {exchange.Sent}");
            if (exchange.Says.Length > 0) output.WriteLine($"{"",12}  protocol  {exchange.Says}");
            output.WriteLine($"{"",12}  came      {exchange.Came}");
            if (exchange.Wrong is { } wrong) output.WriteLine($"{"",12}  BROKEN    {wrong}");
        }
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Kept => "kept",
        Verdict.Broken => "BROKEN",
        Verdict.NotChecked => "not checked",
        Verdict.Untold => "cannot tell",
        _ => throw new System.Diagnostics.UnreachableException($"Unknown verdict {verdict}."),
    };
}
