using Orchestrator.Conformance.Checking;

namespace Orchestrator.Conformance.Reporting;

/// <summary>A whole run.</summary>
internal sealed record KitSummary(IReadOnlyList<Played> Played, IReadOnlyList<Advice> Advice, bool IsStrict)
{
    public int Kept => Count(Verdict.Kept);

    public int Broken => Count(Verdict.Broken);

    public int NotChecked => Count(Verdict.NotChecked);

    /// <summary>What was broken: the check, and why.</summary>
    public IReadOnlyDictionary<string, string> Problems => Played.Where(each => each.Verdict == Verdict.Broken)
        .ToDictionary(each => each.Check.Id, each => each.Why ?? "", StringComparer.Ordinal);

    public IReadOnlyList<string> IdsNotChecked =>
        [.. Played.Where(each => each.Verdict == Verdict.NotChecked).Select(each => each.Check.Id)];

    /// <summary>Nothing was broken, and something was checked.</summary>
    public bool IsGood => Broken == 0 && Kept > 0 && (!IsStrict || Advice.Count == 0);

    private int Count(Verdict verdict) => Played.Count(each => each.Verdict == verdict);
}
