using System.Text.Encodings.Web;
using System.Text.Json;
using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;

namespace Orchestrator.Conformance.Reporting;

/// <summary>The report for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static string Write(KitOptions options, KitSummary summary) => JsonSerializer.Serialize(
        new
        {
            address = options.Address,
            isGood = summary.IsGood,
            kept = summary.Kept,
            broken = summary.Broken,
            notChecked = summary.NotChecked,
            cannotTell = summary.Untold,
            advice = summary.Advice,
            checks = summary.Played.Select(Check),
        },
        Style);

    private static object Check(Played played) => new
    {
        id = played.Check.Id,
        title = played.Check.Title,
        section = played.Check.Section,
        verdict = played.Verdict switch
        {
            Verdict.Kept => "kept",
            Verdict.Broken => "broken",
            Verdict.NotChecked => "not-checked",
            Verdict.Untold => "cannot-tell",
            _ => throw new System.Diagnostics.UnreachableException($"Unknown verdict {played.Verdict}."),
        },
        means = played.Verdict == Verdict.Broken ? played.Check.Means : null,
        why = played.Why,
        seconds = Math.Round(played.Took.TotalSeconds, 3),
        messages = played.Exchanges.Select(exchange => new
        {
            sent = exchange.Sent,
            protocol = exchange.Says,
            came = exchange.Came,
            wrong = exchange.Wrong,
        }),
    };
}
