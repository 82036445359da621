namespace Orchestrator.Core.Definitions.Rules;

/// <summary>Collects what is wrong while one definition is checked.</summary>
internal sealed class Findings
{
    private readonly List<DefinitionProblem> problems = [];

    public int Count => problems.Count;

    public void Add(int line, string path, string message) => problems.Add(new DefinitionProblem(line, path, message));

    public void Add(Place place, string message) => Add(place.Line, place.Path, message);

    public void Add(IEnumerable<DefinitionProblem> found) => problems.AddRange(found);

    public IReadOnlyList<DefinitionProblem> ByLine() =>
        [.. problems.OrderBy(problem => problem.Line).Take(DefinitionLimits.Problems)];
}
