using System.Collections.Immutable;
using System.Reflection;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Tests.TSql;

/// <summary>Filters of lists: every value of every property with every value of every other one.</summary>
internal static class SagaFilters
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly IReadOnlyList<(string Property, object Value)> Values =
    [
        (nameof(SagaFilter.Definition), "d"),
        .. Enum.GetValues<SagaPhase>().Select(phase => (nameof(SagaFilter.Phase), (object)phase)),
        .. Enum.GetValues<SagaOutcome>().Select(outcome => (nameof(SagaFilter.Outcome), (object)outcome)),
        .. Both(nameof(SagaFilter.Stuck)),
        .. Both(nameof(SagaFilter.InDoubt)),
        .. Both(nameof(SagaFilter.Suspended)),
        .. Both(nameof(SagaFilter.Overdue)),
        (nameof(SagaFilter.Now), Now),
        (nameof(SagaFilter.BusinessKey), "k"),
        (nameof(SagaFilter.Tags), Tags("a")),
        (nameof(SagaFilter.Tags), Tags("a", "b")),
        (nameof(SagaFilter.From), Now),
        (nameof(SagaFilter.To), Now),
        (nameof(SagaFilter.Cursor), "7"),
        (nameof(SagaFilter.Limit), 7),
    ];

    /// <summary>The properties that are given a value.</summary>
    public static IEnumerable<string> Properties => Values.Select(value => value.Property).Distinct();

    /// <summary>No value, each alone, and all pairs.</summary>
    public static IEnumerable<SagaFilter> Pairs()
    {
        yield return new SagaFilter();
        foreach (var (index, one) in Values.Index())
        {
            yield return Filter(one);
            foreach (var other in Values.Skip(index + 1)) yield return Filter(one, other);
        }

        yield return Filter([.. Values]);
    }

    /// <summary>Filters of the audit list: all together, each alone, none.</summary>
    public static IEnumerable<AuditFilter> Audits() =>
    [
        new AuditFilter(),
        new AuditFilter { Actor = "a" },
        new AuditFilter { Verb = "v" },
        new AuditFilter { Saga = "s" },
        new AuditFilter { Definition = "d" },
        new AuditFilter { Cursor = "7" },
        new AuditFilter { Actor = "a", Verb = "v", Saga = "s", Definition = "d", Cursor = "7", Limit = 7 },
    ];

    private static SagaFilter Filter(params (string Property, object Value)[] values)
    {
        var filter = new SagaFilter();
        foreach (var (property, value) in values) Property(property).SetValue(filter, value);
        return filter;
    }

    private static PropertyInfo Property(string name) => typeof(SagaFilter).GetProperty(name)!;

    private static IEnumerable<(string, object)> Both(string property) => [(property, true), (property, false)];

    private static ImmutableSortedDictionary<string, string> Tags(params string[] names) =>
        names.ToImmutableSortedDictionary(name => name, _ => "v");
}
