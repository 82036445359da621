using System.Globalization;
using System.Text;

namespace Orchestrator.Service.Reconciling;

/// <summary>What was compared and what differs.</summary>
/// <param name="Sagas">How many sagas the orchestrator lists.</param>
/// <param name="Keys">How many ledger keys of this participant are in them.</param>
/// <param name="Rows">How many rows the ledger has; null where it shows only one at a time.</param>
/// <param name="Differences">Every difference, by saga and step.</param>
internal sealed record ReconcileReport(int Sagas, int Keys, int? Rows, IReadOnlyList<Difference> Differences)
{
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var one in Differences)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"saga {one.SagaId}, step {one.Key}")
                .AppendLine(CultureInfo.InvariantCulture, $"  the ledger says    {one.Ledger}")
                .AppendLine(
                    CultureInfo.InvariantCulture, $"  the orchestrator   was told {one.Told}; the saga is {one.Phase}")
                .AppendLine(CultureInfo.InvariantCulture, $"  what to do         {one.ToDo}");
        }

        var rows = Rows is { } count
            ? Count(count, "row")
            : "rows asked for one by one (the participant lists none, so rows of unknown sagas are not found)";
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Count(Sagas, "saga")}, {Count(Keys, "step")} of this participant, {rows}: "
            + $"{Count(Differences.Count, "difference")}.");
        return text.ToString();
    }

    private static string Count(int count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : "s")}");
}
