using Orchestrator.Conformance.Checking;

namespace Orchestrator.Conformance.Reporting;

/// <summary>A whole run.</summary>
internal sealed record KitSummary(IReadOnlyList<Played> Played, IReadOnlyList<Advice> Advice, bool IsStrict)
{
    public int Kept => Count(Verdict.Kept);

    public int Broken => Count(Verdict.Broken);

    public int NotChecked => Count(Verdict.NotChecked);

    /// <summary>Checks that this machine was too slow for.</summary>
    public int Untold => Count(Verdict.Untold);

    /// <summary>What was broken: the check, and why.</summary>
    public IReadOnlyDictionary<string, string> Problems => Played.Where(each => each.Verdict == Verdict.Broken)
        .ToDictionary(each => each.Check.Id, each => each.Why ?? "", StringComparer.Ordinal);

    public IReadOnlyList<string> IdsNotChecked =>
        [.. Played.Where(each => each.Verdict == Verdict.NotChecked).Select(each => each.Check.Id)];

    /// <summary>Nothing was broken, and something was checked.</summary>
    public bool IsGood => !IsWrong && Kept > 0;

    /// <summary>0: what was checked was kept; 1: something is wrong; 3: something could not be told.</summary>
    public int ExitCode => IsWrong ? 1 : Untold > 0 ? 3 : Kept > 0 ? 0 : 1;

    private bool IsWrong => Broken > 0 || (IsStrict && Advice.Count > 0);

    private int Count(Verdict verdict) => Played.Count(each => each.Verdict == verdict);
}
