using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Writing;

/// <summary>Writes entries of the audit list, and cuts it.</summary>
internal sealed class AuditWriter(Func<RowStatement, IRows> rows)
{
    private static readonly RowStatement Cut = RowStatement.Of(
        "DELETE FROM audit WHERE seq <= (SELECT r.seq FROM {rows} r)", Column.Long("seq"));

    // The database counts seq; the place is the order in which it has to.
    private static readonly RowStatement Add = RowStatement.Of(
        """
        INSERT INTO audit (at, actor, verb, kind, target, definition, reason, was, became, code)
        SELECT r.at, r.actor, r.verb, r.kind, r.target, r.definition, r.reason, r.was, r.became, r.code
        FROM {rows} r ORDER BY r.place
        """,
        Column.Long("at"), Column.Key("actor"), Column.Key("verb"), Column.Int("kind"), Column.Key("target"),
        Column.Key("definition"), Column.Text("reason"), Column.Text("was"), Column.Text("became"), Column.Text("code"),
        Column.Int("place"));

    private readonly IRows cut = rows(Cut);
    private readonly IRows add = rows(Add);

    public void Write(StoreCommit commit)
    {
        if (commit.AuditsOutUpTo > 0)
        {
            cut[0] = commit.AuditsOutUpTo;
            cut.Write();
        }

        var place = 0;
        foreach (var row in commit.Audits)
        {
            add[0] = row.At.ToUnixTimeMilliseconds();
            add[1] = row.Actor;
            add[2] = row.Verb;
            add[3] = (int)row.Kind;
            add[4] = row.Target;
            add[5] = row.Definition;
            add[6] = row.Reason;
            add[7] = row.Before;
            add[8] = row.After;
            add[9] = row.Code;
            add[10] = place++;
            add.Write();
        }
    }
}
