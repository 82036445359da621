using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;

namespace Orchestrator.Conformance.Checks;

/// <summary>All checks that these options ask for, in the order of the report.</summary>
internal static class Suite
{
    internal static IReadOnlyList<Check> Of(KitOptions options)
    {
        var all = All(options).ToList();
        var unknown = options.Only.Except(all.Select(check => check.Id), StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            throw new OptionException($"--only: there is no check {string.Join(", ", unknown)} here; --list names them.");
        if (options.Only.Count == 0) return all;
        return [.. all.Where(check => options.Only.Contains(check.Id, StringComparer.Ordinal))];
    }

    private static IEnumerable<Check> All(KitOptions options)
    {
        if (options is { IsUnarmed: true, Step: { } plain }) return UnarmedChecks.Of(plain);
        IEnumerable<Check> armed = options.Step is not { } step ? [] :
        [
            .. LedgerChecks.Of(step), .. DoChecks.Of(step), .. RefusalChecks.Of(step), .. ConfirmChecks.Of(step),
            .. UndoChecks.Of(step), .. EndChecks.Of(step), .. RaceChecks.Of(step), .. InputChecks.Of(step),
            .. TokenChecks.Of(options, step), .. ExpiryChecks.Of(step), .. RestartChecks.Of(options, step),
        ];
        return
        [
            .. armed,
            .. options.Pivot is { } pivot ? PivotChecks.Of(pivot) : [],
            .. options.Retriable is { } retriable ? PivotChecks.Of(retriable) : [],
            LedgerChecks.OneLedger,
        ];
    }
}
