using System.Globalization;
using Orchestrator.Storage.Writing;

namespace Orchestrator.Storage.SqlServer;

/// <summary>
/// The text of a commit on SQL Server. It has nothing that 2016 has not, and every error of any of its statements rolls
/// back all of them (<c>XACT_ABORT</c>).
/// </summary>
internal static class SqlServerText
{
    /// <summary>
    /// Before the rows: locks the head, gives the numbers, and fails when the owner was taken out or has written
    /// meanwhile.
    /// </summary>
    public const string Begin = """
        SET NOCOUNT ON;
        SET XACT_ABORT ON;
        DECLARE @last BIGINT;
        BEGIN TRANSACTION;
        UPDATE head SET no = no + @numbers, catalog_no = CASE WHEN @catalog = 1 THEN no + @numbers ELSE catalog_no END
        WHERE id = 1;
        SELECT @last = no FROM head WHERE id = 1;
        UPDATE owners SET last_no = @last, commits = @made WHERE token = @me AND commits = @made - 1;
        IF @@ROWCOUNT <> 1 THROW 50070, N'The owner does not own its sagas any more.', 1;

        """;

    /// <summary>After the rows: answers the number of the commit.</summary>
    public const string End = """
        COMMIT TRANSACTION;
        SELECT @last;
        """;

    /// <summary>The statement for the rows of that parameter.</summary>
    public static string Of(RowStatement statement, int place) =>
        statement.From(RowsOf(statement.Columns, place)) + ";\n";

    /// <summary>The parameter with the rows: a JSON array of arrays.</summary>
    public static string Name(int place) => string.Create(CultureInfo.InvariantCulture, $"@rows{place}");

    /// <summary>
    /// The rows as a table. Texts get the collation of our columns: without one, a comparison with them would be
    /// refused in a database of another collation. Numbers that are new move with the commit.
    /// </summary>
    private static string RowsOf(IReadOnlyList<Column> columns, int place)
    {
        var values = columns.Select(column => column.Type switch
        {
            ColumnType.Number =>
                $"CASE WHEN j.{column.Name} > @base THEN j.{column.Name} - @number + @last ELSE j.{column.Name} END "
                + $"AS {column.Name}",
            ColumnType.Text => $"j.{column.Name} COLLATE {SqlServerSchema.Collation} AS {column.Name}",
            ColumnType.Long or ColumnType.Int or ColumnType.Bytes => $"j.{column.Name}",
            _ => throw new System.Diagnostics.UnreachableException($"Unknown type {column.Type}."),
        });
        var shape = columns.Select((column, index) =>
            string.Create(CultureInfo.InvariantCulture, $"{column.Name} {TypeOf(column)} '$[{index}]'"));
        return $"(SELECT {string.Join(", ", values)} "
            + $"FROM OPENJSON({Name(place)}) WITH ({string.Join(", ", shape)}) AS j)";
    }

    private static string TypeOf(Column column) => column.Type switch
    {
        ColumnType.Number or ColumnType.Long => "BIGINT",
        ColumnType.Int => "INT",
        // OPENJSON cuts what is too long without a word. With room for one character more the column refuses it, and
        // no key that is too long is taken for another one.
        ColumnType.Text when column.Length > 0 =>
            string.Create(CultureInfo.InvariantCulture, $"NVARCHAR({column.Length + 1})"),
        ColumnType.Text => "NVARCHAR(MAX)",
        // OPENJSON decodes Base64 here.
        ColumnType.Bytes => "VARBINARY(MAX)",
        _ => throw new System.Diagnostics.UnreachableException($"Unknown type {column.Type}."),
    };
}
