using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Orchestrator.Tests.TSql;

/// <summary>
/// Microsoft's own grammar of SQL Server 2016, and what of it is used. The parser takes any name for a function's, so
/// these are held against a list, with the version that each of them came with.
/// </summary>
internal static class Grammar
{
    /// <summary>Every function that is called.</summary>
    public static readonly IReadOnlyDictionary<string, int> Functions =
        new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
        {
            ["COUNT"] = 2000,
            ["DATALENGTH"] = 2000,
            ["DB_ID"] = 2000,
            ["ERROR_NUMBER"] = 2005,
            ["MAX"] = 2000,
            ["MIN"] = 2000,
            ["OBJECT_ID"] = 2000,
            ["SUM"] = 2000,
            ["XACT_STATE"] = 2005,
        };

    /// <summary>The newest version whose functions may be called.</summary>
    public const int Newest = 2016;

    public static readonly IReadOnlyList<TableHintKind> Hints =
    [
        TableHintKind.ForceSeek, TableHintKind.ReadCommittedLock, TableHintKind.ReadPast, TableHintKind.Rowlock,
        TableHintKind.UpdLock,
    ];

    public static readonly IReadOnlyList<SqlDataTypeOption> Types =
    [
        SqlDataTypeOption.BigInt, SqlDataTypeOption.Int, SqlDataTypeOption.NVarChar, SqlDataTypeOption.VarBinary,
    ];

    /// <summary>Quoted identifiers on, as the driver sets them.</summary>
    public static TSqlFragment Parse(string text, out IList<ParseError> errors)
    {
        using var reader = new StringReader(text);
        return new TSql130Parser(initialQuotedIdentifiers: true).Parse(reader, out errors);
    }

    /// <summary>A piece as it was written, in upper case.</summary>
    public static string TextOf(TSqlFragment fragment) => string.Concat(
        fragment.ScriptTokenStream
            .Skip(fragment.FirstTokenIndex)
            .Take(fragment.LastTokenIndex - fragment.FirstTokenIndex + 1)
            .Select(token => token.Text)).ToUpperInvariant();
}
