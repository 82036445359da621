using System.Globalization;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using Orchestrator.Storage;

namespace Orchestrator.Tests.TSql;

/// <summary>
/// Holds what is read from JSON against the columns it goes into: OPENJSON cuts a text that is too long without a word,
/// so a text for a column with a bound is read one character longer, which the column refuses.
/// </summary>
internal sealed class KeptTypes(Tables tables) : TSqlFragmentVisitor
{
    private static readonly string Column =
        string.Create(CultureInfo.InvariantCulture, $"NVARCHAR({StorageLimits.MaxKeyLength})");

    private static readonly string Read =
        string.Create(CultureInfo.InvariantCulture, $"NVARCHAR({StorageLimits.MaxKeyLength + 1})");

    /// <summary>How many columns were compared.</summary>
    public int Compared { get; private set; }

    public List<string> Problems { get; } = [];

    public override void Visit(InsertSpecification node)
    {
        if (node.Target is not NamedTableReference target) return;
        var table = target.SchemaObject.BaseIdentifier.Value;
        var json = new Json();
        node.Accept(json);
        foreach (var column in node.Columns.Select(column => column.MultiPartIdentifier.Identifiers[^1].Value))
        {
            if (!json.Types.TryGetValue(column, out var read)) continue;
            Compared++;
            var kept = tables.Find(table)![column];
            if (read != (kept == Column ? Read : kept))
                Problems.Add($"{table}.{column} is {kept} and is read as {read}");
        }
    }

    private sealed class Json : TSqlFragmentVisitor
    {
        public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

        public override void Visit(SchemaDeclarationItem node) =>
            Types[node.ColumnDefinition.ColumnIdentifier.Value] = Grammar.TextOf(node.ColumnDefinition.DataType);
    }
}
