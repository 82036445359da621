using System.Text;
using Orchestrator.Storage.SqlServer;
using Orchestrator.Storage.Writing;

namespace Orchestrator.Tests.Storage;

/// <summary>What is said to SQL Server, written down for whoever checks it against its reference.</summary>
public sealed class SqlServerTextTests
{
    [Fact]
    public void The_command_of_a_commit_that_has_everything_is_the_one_that_was_checked()
    {
        var written = new StringBuilder(SqlServerText.Begin);
        var place = 0;
        _ = new CommitWriter(
            statement =>
            {
                written.Append(SqlServerText.Of(statement, place++));
                return new RowBuffer(statement);
            },
            owner: 1);
        written.Append(SqlServerText.End);

        using var file = typeof(SqlServerTextTests).Assembly.GetManifestResourceStream("SqlServerCommit.sql")!;
        using var reader = new StreamReader(file);
        written.ToString().ReplaceLineEndings("\n").Trim().Should().Be(reader.ReadToEnd().ReplaceLineEndings("\n").Trim());
    }
}
