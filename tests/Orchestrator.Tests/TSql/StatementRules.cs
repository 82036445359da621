using System.Data;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Orchestrator.Tests.TSql;

/// <summary>What is wrong with a statement, as far as its text and its parameters tell.</summary>
internal static class StatementRules
{
    // A statement with parameters is a call of sp_executesql, which has two of the 2,100 for itself.
    private const int MostParameters = 2098;

    private static readonly DbType[] Types = [DbType.Int64, DbType.Int32, DbType.Boolean, DbType.String];

    public static IReadOnlyList<string> Problems(SentStatement statement, Tables tables)
    {
        var script = Grammar.Parse(statement.Text, out var errors);
        if (errors.Count > 0) return [.. errors.Select(error => $"{error.Line}:{error.Column} {error.Message}")];
        var constructs = new Constructs();
        script.Accept(constructs);
        var names = new NameRules(tables);
        script.Accept(names);
        var variables = new Variables();
        script.Accept(variables);
        return [.. constructs.Problems, .. names.Problems(), .. Parameters(statement, variables)];
    }

    /// <summary>Names by case: a server may compare the names of variables so.</summary>
    private static IEnumerable<string> Parameters(SentStatement statement, Variables variables)
    {
        var given = statement.Parameters.Select(parameter => "@" + parameter.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in variables.Used.Except(given).Except(variables.Declared))
            yield return $"{name} is not among {string.Join(", ", given)}";
        if (given.Count != statement.Parameters.Count) yield return "a parameter is given twice";
        if (given.Count > MostParameters) yield return $"{given.Count} parameters";
        foreach (var parameter in statement.Parameters)
        {
            if (!Types.Contains(parameter.Type)) yield return $"@{parameter.Name} is a {parameter.Type}";
            // Any other size is a plan of its own for every length of a text.
            if (parameter.Type == DbType.String && parameter.Value is string && parameter.Size is not (4000 or -1))
                yield return $"@{parameter.Name} has the size {parameter.Size}";
        }
    }

    private sealed class Variables : TSqlFragmentVisitor
    {
        public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Declared { get; } = new(StringComparer.Ordinal);

        public override void Visit(VariableReference node) => Used.Add(node.Name);

        public override void Visit(DeclareVariableElement node) => Declared.Add(node.VariableName.Value);

        public override void Visit(DeclareTableVariableBody node) => Declared.Add(node.VariableName.Value);

        // The name of a procedure's own parameter is none of ours.
        public override void ExplicitVisit(ExecuteParameter node) => node.ParameterValue.Accept(this);
    }
}
