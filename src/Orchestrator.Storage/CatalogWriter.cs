using System.Data.Common;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>Writes definitions and participants.</summary>
internal sealed class CatalogWriter(Func<string, int, PreparedStatement> prepare)
{
    private readonly PreparedStatement definition =
        prepare("INSERT INTO definitions (name, version, body, stored_at, actor) VALUES (@p0, @p1, @p2, @p3, @p4)", 5);

    private readonly PreparedStatement participant = prepare(
        """
        INSERT INTO participants (name, url, app, via_pubsub, concurrency, paused) VALUES (@p0, @p1, @p2, @p3, @p4, @p5)
        ON CONFLICT (name) DO UPDATE SET url = excluded.url, app = excluded.app, via_pubsub = excluded.via_pubsub,
          concurrency = excluded.concurrency, paused = excluded.paused
        """,
        6);

    public void Write(StoreCommit commit, DbTransaction transaction)
    {
        foreach (var row in commit.Definitions)
        {
            definition[0] = row.Name;
            definition[1] = row.Version;
            definition[2] = row.Body;
            definition[3] = row.StoredAt.ToUnixTimeMilliseconds();
            definition[4] = row.Actor;
            definition.Execute(transaction);
        }

        foreach (var row in commit.Participants)
        {
            participant[0] = row.Name;
            participant[1] = row.Url?.OriginalString;
            participant[2] = row.App;
            participant[3] = row.ViaPubSub;
            participant[4] = row.Concurrency;
            participant[5] = row.Paused;
            participant.Execute(transaction);
        }
    }
}
