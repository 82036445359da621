namespace Orchestrator.Simulator.Carrying;

/// <summary>What goes over the wire to a participant.</summary>
internal sealed record SimulatedRequest(
    string Method, string To, string Path, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    /// <summary>A header, or null.</summary>
    public string? this[string name] =>
        Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}

/// <summary>What comes back.</summary>
internal sealed record SimulatedResponse(
    int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    /// <summary>Something between the two says it, not the participant.</summary>
    public static SimulatedResponse Plain(int status) => new(status, [], []);
}
