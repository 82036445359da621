namespace Orchestrator.Service.Telemetry;

/// <summary>Names of figures and of what they are of.</summary>
internal static class MetricNames
{
    /// <summary>The name for Prometheus of a name with dots.</summary>
    public static string ForText(string name, string? unit, bool isCounter) =>
        name.Replace('.', '_') + Suffix(unit) + (isCounter ? "_total" : "");

    /// <summary>A label.</summary>
    public static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    private static string Suffix(string? unit) => unit switch
    {
        null => "",
        "s" => "_seconds",
        "By" => "_bytes",
        _ when unit.StartsWith('{') => "",
        _ => throw new System.Diagnostics.UnreachableException($"Unknown unit {unit}."),
    };
}
