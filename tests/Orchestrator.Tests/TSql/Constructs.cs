using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Orchestrator.Tests.TSql;

/// <summary>Finds what SQL Server 2016 has not, and what we do not use on purpose.</summary>
internal sealed class Constructs : TSqlFragmentVisitor
{
    public List<string> Problems { get; } = [];

    public override void Visit(MergeStatement node) => Problems.Add("MERGE has too many known faults");

    public override void Visit(SelectStarExpression node) => Problems.Add("SELECT * changes with the table");

    public override void Visit(FunctionCall node)
    {
        var name = node.FunctionName.Value;
        if (node.CallTarget is not null)
            Problems.Add($"{Grammar.TextOf(node)} is a method or a function of somebody's own");
        else if (!Grammar.Functions.TryGetValue(name, out var version) || version > Grammar.Newest)
            Problems.Add($"the function {name} is not on the list of those that SQL Server 2016 has");
    }

    public override void Visit(GlobalFunctionTableReference node) =>
        Problems.Add($"the function {node.Name.Value} is not on the list");

    public override void Visit(SchemaObjectFunctionTableReference node) =>
        Problems.Add($"the function {Grammar.TextOf(node)} is not on the list");

    public override void Visit(BuiltInFunctionTableReference node) =>
        Problems.Add($"the function {node.Name.Value} is not on the list");

    public override void Visit(GlobalVariableExpression node)
    {
        if (!node.Name.Equals("@@ROWCOUNT", StringComparison.OrdinalIgnoreCase))
            Problems.Add($"{node.Name} is not on the list");
    }

    public override void Visit(ProcedureReference node)
    {
        if (node.Name.BaseIdentifier.Value != "sp_getapplock")
            Problems.Add($"{Grammar.TextOf(node)} is not on the list");
    }

    public override void Visit(TableHint node)
    {
        if (!Grammar.Hints.Contains(node.HintKind)) Problems.Add($"the hint {node.HintKind} is not on the list");
    }

    public override void Visit(OptimizerHint node) => Problems.Add($"the hint {node.HintKind} is not on the list");

    public override void Visit(SqlDataTypeReference node)
    {
        if (!Grammar.Types.Contains(node.SqlDataTypeOption))
            Problems.Add($"the type {node.SqlDataTypeOption} is not on the list");
    }
}
