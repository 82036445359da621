using System.Globalization;

namespace Orchestrator.Storage.Writing;

/// <summary>
/// A statement that writes rows, said once for every database: for one row at a time, with <c>@p0</c>, <c>@p1</c> ...
/// as its values, or for all rows of a commit at once, from a table expression of the dialect's. Immutable.
/// </summary>
internal sealed class RowStatement
{
    private const string Rows = "{rows}";

    private readonly string set;

    private RowStatement(Column[] columns, string one, string set)
    {
        Columns = columns;
        One = one;
        this.set = set;
    }

    /// <summary>The columns, in the order of the values.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>The statement for one row.</summary>
    public string One { get; }

    /// <summary>Adds rows.</summary>
    public static RowStatement Insert(string table, params Column[] columns)
    {
        var names = Join(columns, (column, _) => column.Name);
        return new RowStatement(
            columns,
            $"INSERT INTO {table} ({names}) VALUES ({Join(columns, (_, index) => Parameter(index))})",
            $"INSERT INTO {table} ({names}) SELECT {Join(columns, (column, _) => "r." + column.Name)} FROM {Rows} r");
    }

    /// <summary>Changes the rows of these keys; the first column is the key.</summary>
    public static RowStatement Update(string table, Column key, params Column[] columns) => new(
        [key, .. columns],
        $"UPDATE {table} SET {Join(columns, (column, index) => $"{column.Name} = {Parameter(index + 1)}")} "
        + $"WHERE {key.Name} = @p0",
        $"UPDATE {table} SET {Join(columns, (column, _) => $"{column.Name} = r.{column.Name}")} "
        + $"FROM {Rows} r WHERE {table}.{key.Name} = r.{key.Name}");

    /// <summary>Deletes the rows of these keys; those that are not there are passed over.</summary>
    public static RowStatement Delete(string table, Column key) => new(
        [key],
        $"DELETE FROM {table} WHERE {key.Name} = @p0",
        $"DELETE FROM {table} WHERE {key.Name} IN (SELECT r.{key.Name} FROM {Rows} r)");

    /// <summary>Any other, in which <c>{rows}</c> stands for the rows.</summary>
    public static RowStatement Of(string template, params Column[] columns) => new(
        columns,
        template.Replace(
            Rows,
            $"(SELECT {Join(columns, (column, index) => $"{Parameter(index)} AS {column.Name}")})",
            StringComparison.Ordinal),
        template);

    /// <summary>The statement for all rows of a commit, which the expression brings.</summary>
    public string From(string rows) => set.Replace(Rows, rows, StringComparison.Ordinal);

    private static string Parameter(int index) => string.Create(CultureInfo.InvariantCulture, $"@p{index}");

    private static string Join(Column[] columns, Func<Column, int, string> text) =>
        string.Join(", ", columns.Select(text));
}
