namespace Orchestrator.Core.Definitions.Rules;

/// <summary>The durations of a definition; the values are meaningless when one of them was a problem.</summary>
internal sealed record DeadlineRules(TimeSpan Deadline, TimeSpan MaxDeadline, TimeSpan Guard)
{
    private static readonly TimeSpan DefaultGuard = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DefaultMaxDeadline = TimeSpan.FromHours(1);

    public static DeadlineRules Read(Section root, Findings findings)
    {
        var deadlineAt = root.Require("deadline", "deadline: 10m");
        var maxAt = root.Find("maxDeadline");
        var guardAt = root.Find("guard");
        var deadline = Values.Duration(deadlineAt, findings);
        var max = Values.Duration(maxAt, findings);
        var guard = Values.Duration(guardAt, findings);
        if (deadline is not { } known) return new DeadlineRules(default, default, default);

        if (max < known)
        {
            findings.Add(
                maxAt!,
                $"\"maxDeadline\" ({Durations.Write(max.Value)}) is shorter than "
                + $"\"deadline\" ({Durations.Write(known)}).");
        }

        var guardWrong = guardAt is not null && guard is null;
        var effective = guard ?? DefaultGuard;
        if (!guardWrong && effective >= known)
        {
            findings.Add(
                guardAt ?? deadlineAt!,
                $"\"guard\" ({Durations.Write(effective)}{(guardAt is null ? ", the default" : "")}) has to be shorter "
                + $"than \"deadline\" ({Durations.Write(known)}): confirming could never start.");
        }

        return new DeadlineRules(known, max ?? (known > DefaultMaxDeadline ? known : DefaultMaxDeadline), effective);
    }
}
