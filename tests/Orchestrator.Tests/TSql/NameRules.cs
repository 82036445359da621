using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Orchestrator.Tests.TSql;

/// <summary>
/// Holds the tables and columns a statement names against those that are made. It is coarser than the server: a column
/// has to be in one of the tables that have its alias anywhere in the statement, or in any table when it has none.
/// </summary>
internal sealed class NameRules(Tables tables) : TSqlFragmentVisitor
{
    private readonly List<string> problems = [];
    private readonly List<IReadOnlyList<string>> used = [];
    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> sources = new(StringComparer.Ordinal);
    private bool looksAtTheSystem;

    public IEnumerable<string> Problems()
    {
        foreach (var column in used.Where(column => !IsKnown(column)))
            problems.Add($"there is no column {string.Join('.', column)}");
        return problems;
    }

    public override void Visit(NamedTableReference node)
    {
        var name = node.SchemaObject.BaseIdentifier.Value;
        if (node.SchemaObject.SchemaIdentifier?.Value == "sys")
            looksAtTheSystem = true;
        // An update names the alias, or the table that stands in FROM once more.
        else if (tables.Find(name) is { } columns)
            Source(node.Alias?.Value ?? name).UnionWith(columns.Keys);
        else
            problems.Add($"there is no table {name}");
    }

    public override void Visit(SelectScalarExpression node)
    {
        if (node.ColumnName is { } name) made.Add(name.Value);
    }

    public override void Visit(OpenJsonTableReference node)
    {
        var columns = node.SchemaDeclarationItems.Select(item => item.ColumnDefinition.ColumnIdentifier.Value).ToList();
        made.UnionWith(columns);
        if (node.Alias is { } alias) Source(alias.Value).UnionWith(columns);
    }

    public override void Visit(InlineDerivedTable node)
    {
        made.UnionWith(node.Columns.Select(column => column.Value));
        Source(node.Alias.Value).UnionWith(node.Columns.Select(column => column.Value));
    }

    public override void Visit(QueryDerivedTable node) => Source(node.Alias.Value).UnionWith(
        node.QueryExpression is QuerySpecification query
            ? query.SelectElements.OfType<SelectScalarExpression>().Select(NameOf)
            : []);

    public override void Visit(DeclareTableVariableBody node) =>
        made.UnionWith(node.Definition.ColumnDefinitions.Select(column => column.ColumnIdentifier.Value));

    public override void Visit(ColumnReferenceExpression node)
    {
        if (node.MultiPartIdentifier is { } name) used.Add([.. name.Identifiers.Select(part => part.Value)]);
    }

    // The index a table is made with, and the columns of its keys, are held against the table by the server alone.
    public override void ExplicitVisit(CreateTableStatement node)
    {
        // Nothing of it is looked up.
    }

    public override void ExplicitVisit(CreateIndexStatement node)
    {
        var name = node.OnName.BaseIdentifier.Value;
        if (tables.Find(name) is not { } columns)
            problems.Add($"there is no table {name}");
        else
            problems.AddRange(
                node.Columns.Select(column => column.Column).Concat(node.IncludeColumns)
                    .Select(column => column.MultiPartIdentifier.Identifiers[^1].Value)
                    .Where(column => !columns.ContainsKey(column))
                    .Select(column => $"there is no column {name}.{column}"));
    }

    private static string NameOf(SelectScalarExpression element) => element.ColumnName?.Value
        ?? (element.Expression as ColumnReferenceExpression)?.MultiPartIdentifier.Identifiers[^1].Value
        ?? "";

    private HashSet<string> Source(string alias)
    {
        if (!sources.TryGetValue(alias, out var columns))
            sources[alias] = columns = new HashSet<string>(StringComparer.Ordinal);
        return columns;
    }

    private bool IsKnown(IReadOnlyList<string> column) => column switch
    {
        [var name] => looksAtTheSystem || made.Contains(name) || sources.Values.Any(source => source.Contains(name)),
        [var alias, var name] => sources.TryGetValue(alias, out var source) && source.Contains(name),
        _ => false,
    };
}
