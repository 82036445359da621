namespace Orchestrator.Core.Definitions;

/// <summary>
/// Builds the values of a definition's file from a stream of tokens, whatever the file is written in, and holds them to
/// <see cref="DefinitionLimits" />. Used once, by one thread.
/// </summary>
public sealed class DefinitionNodes
{
    private readonly Stack<Open> open = new();
    private readonly List<DefinitionProblem> problems = [];
    private int count;

    /// <summary>The outermost value, once it is complete.</summary>
    public DefinitionNode? Root { get; private set; }

    /// <summary>Names that are written twice.</summary>
    public IReadOnlyList<DefinitionProblem> Problems => problems;

    /// <summary>True when the next scalar is a property's name.</summary>
    public bool ExpectsName => open.TryPeek(out var top) && top is { IsObject: true, Name: null };

    /// <summary>Begins a list or an object. Answers why the file is too large, or null.</summary>
    public string? Begin(int line, bool isObject)
    {
        if (open.Count >= DefinitionLimits.Depth)
            return $"The file is nested deeper than {DefinitionLimits.Depth} levels.";
        open.Push(new Open(line, isObject));
        return CountOne();
    }

    /// <summary>Takes a property's name.</summary>
    public void Name(int line, string name)
    {
        var top = open.Peek();
        top.Name = name;
        top.NameLine = line;
        top.IsRepeated = !top.Seen.TryAdd(name, line);
        if (!top.IsRepeated || problems.Count >= DefinitionLimits.Problems) return;
        problems.Add(new(line, Path(), $"This name is written in line {top.Seen[name]} already. Keep one of them."));
    }

    /// <summary>Takes a value that is neither list nor object. Answers why the file is too large, or null.</summary>
    public string? Scalar(DefinitionNode node)
    {
        Place(node);
        return CountOne();
    }

    /// <summary>Ends the innermost list or object.</summary>
    public void End()
    {
        var top = open.Pop();
        Place(top.IsObject
            ? new ObjectNode(top.Line, [.. top.Properties])
            : new ListNode(top.Line, [.. top.Items]));
    }

    private void Place(DefinitionNode node)
    {
        if (!open.TryPeek(out var top))
        {
            Root = node;
        }
        else if (!top.IsObject)
        {
            top.Items.Add(node);
        }
        else
        {
            // Of a name that is written twice the first stays; the second is reported.
            if (!top.IsRepeated) top.Properties.Add(new PropertyNode(top.NameLine, top.Name!, node));
            top.Name = null;
        }
    }

    private string? CountOne() => ++count > DefinitionLimits.Nodes
        ? $"The file has more than {DefinitionLimits.Nodes} values."
        : null;

    private string Path()
    {
        var path = DefinitionPath.Root;
        foreach (var level in open.Reverse())
        {
            path = level.IsObject
                ? DefinitionPath.Of(path, level.Name ?? "")
                : DefinitionPath.Of(path, level.Items.Count);
        }

        return path;
    }

    private sealed class Open(int line, bool isObject)
    {
        public int Line => line;

        public bool IsObject => isObject;

        public string? Name { get; set; }

        public int NameLine { get; set; }

        public bool IsRepeated { get; set; }

        public List<DefinitionNode> Items { get; } = [];

        public List<PropertyNode> Properties { get; } = [];

        public Dictionary<string, int> Seen { get; } = [];
    }
}
