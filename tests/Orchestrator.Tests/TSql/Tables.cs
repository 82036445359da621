using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Orchestrator.Tests.TSql;

/// <summary>
/// The tables and their columns, as the statements that make them say: names by case, types as written.
/// </summary>
internal sealed class Tables : TSqlFragmentVisitor
{
    private readonly Dictionary<string, Dictionary<string, string>> columns = new(StringComparer.Ordinal);

    public Tables(IEnumerable<SentStatement> statements)
    {
        foreach (var statement in statements) Grammar.Parse(statement.Text, out _).Accept(this);
    }

    public IReadOnlyCollection<string> Names => columns.Keys;

    /// <summary>Its columns; null when no statement makes a table of that name.</summary>
    public IReadOnlyDictionary<string, string>? Find(string table) => columns.GetValueOrDefault(table);

    public override void Visit(CreateTableStatement node) => Add(node.SchemaObjectName, node.Definition);

    public override void Visit(AlterTableAddTableElementStatement node) => Add(node.SchemaObjectName, node.Definition);

    private void Add(SchemaObjectName table, TableDefinition definition)
    {
        if (!columns.TryGetValue(table.BaseIdentifier.Value, out var known))
            columns[table.BaseIdentifier.Value] = known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var column in definition.ColumnDefinitions)
            known[column.ColumnIdentifier.Value] = Grammar.TextOf(column.DataType);
    }
}
