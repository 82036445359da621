namespace Orchestrator.Core.Definitions.Rules;

/// <summary>The section <c>retry</c>, in the definition or in a step, where it overrides single values.</summary>
internal static class RetryRules
{
    public static RetryPolicy Read(Place? place, RetryPolicy inherited, Findings findings)
    {
        if (place is null) return inherited;
        var section = Section.Open(place, DefinitionProperties.Retry, "{ attempts: 5 }", findings);
        if (section is null) return inherited;

        var before = findings.Count;
        var firstAt = section.Find("first");
        var policy = new RetryPolicy(
            Values.Duration(firstAt, DefinitionLimits.RetryWait, findings) ?? inherited.First,
            Values.Factor(section.Find("factor"), findings) ?? inherited.Factor,
            Values.Duration(section.Find("longest"), DefinitionLimits.RetryWait, findings) ?? inherited.Longest,
            Values.Attempts(section.Find("attempts"), findings) ?? inherited.Attempts,
            Values.Duration(section.Find("timeout"), DefinitionLimits.CallTimeout, findings) ?? inherited.Timeout);
        if (findings.Count > before || policy.First <= policy.Longest) return policy;

        findings.Add(
            section.Find("longest") ?? firstAt!,
            $"\"longest\" ({Durations.Write(policy.Longest)}) is shorter than "
            + $"\"first\" ({Durations.Write(policy.First)}).");
        // What stands below is judged as if nothing were wrong here.
        return inherited;
    }
}
