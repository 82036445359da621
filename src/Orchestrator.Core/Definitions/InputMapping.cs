using Orchestrator.Contract;

namespace Orchestrator.Core.Definitions;

/// <summary>What an <see cref="InputMapping" /> reads from.</summary>
public interface IMappingSource
{
    /// <summary>The saga's input: <c>$.input</c>.</summary>
    JsonData Input { get; }

    /// <summary>The saga's facts as one JSON object: <c>$.saga</c>. Only asked for when a query names it.</summary>
    JsonData Saga { get; }

    /// <summary>The output of a step that is done, or null when it is not: <c>$.steps.NAME.output</c>.</summary>
    JsonData? OutputOf(string step);
}

/// <summary>What came of a mapping.</summary>
/// <param name="Data">The value; where a path was missing it holds <c>null</c>.</param>
/// <param name="Missing">The first query that found nothing, as it is written in the definition; null when all did.</param>
public readonly record struct Mapped(JsonData Data, string? Missing);

/// <summary>A JSON value with queries in it, compiled once per definition version. Immutable, safe for any number of threads.</summary>
public sealed class InputMapping
{
    /// <summary>The mapping of a step that names no input: the saga's input as it came.</summary>
    public static InputMapping WholeInput { get; } = new();

    private readonly string[] reads = [];

    /// <summary>Fills in the queries.</summary>
    public Mapped Map(IMappingSource source) => new(reads.Length == 0 ? source.Input : default, null);

    /// <summary>The names of the steps whose output the mapping reads.</summary>
    public IReadOnlyCollection<string> ReadsStepsOf => reads;
}
