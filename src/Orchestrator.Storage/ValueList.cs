using System.Globalization;
using Dapper;

namespace Orchestrator.Storage;

/// <summary>
/// Values behind IN, each a parameter of its own: the drivers do not agree on parameters that are lists.
/// </summary>
internal static class ValueList
{
    /// <summary>Adds them; answers what stands in the brackets.</summary>
    public static string Add<T>(DynamicParameters parameters, IReadOnlyCollection<T> values)
    {
        foreach (var (index, value) in values.Index()) parameters.Add(Name(index), value);
        return string.Join(", ", Enumerable.Range(0, values.Count).Select(index => "@" + Name(index)));
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"n{index}");
}
