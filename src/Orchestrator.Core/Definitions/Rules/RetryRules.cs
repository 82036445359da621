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
        var policy = ReadValues(section, findings).Over(inherited);
        if (findings.Count > before || policy.First <= policy.Longest) return policy;
        // What stands below is judged as if nothing were wrong here.
        AddTooShort(section, policy.First, policy.Longest, findings);
        return inherited;
    }

    /// <summary>The same section of a participant, where it overrides what definitions say.</summary>
    public static RetryOverride ReadOverride(Place place, Findings findings)
    {
        var section = Section.Open(place, DefinitionProperties.Retry, "{ attempts: 5 }", findings);
        if (section is null) return RetryOverride.None;
        var read = ReadValues(section, findings);
        if (read is { First: { } first, Longest: { } longest } && first > longest)
            AddTooShort(section, first, longest, findings);
        return read;
    }

    private static RetryOverride ReadValues(Section section, Findings findings) => new(
        Values.Duration(section.Find("first"), DefinitionLimits.RetryWait, findings),
        Values.Factor(section.Find("factor"), findings),
        Values.Duration(section.Find("longest"), DefinitionLimits.RetryWait, findings),
        Values.Attempts(section.Find("attempts"), findings),
        Values.Duration(section.Find("timeout"), DefinitionLimits.CallTimeout, findings));

    private static void AddTooShort(Section section, TimeSpan first, TimeSpan longest, Findings findings) =>
        findings.Add(
            section.Find("longest") ?? section.Find("first")!,
            $"\"longest\" ({Durations.Write(longest)}) is shorter than \"first\" ({Durations.Write(first)}).");
}
