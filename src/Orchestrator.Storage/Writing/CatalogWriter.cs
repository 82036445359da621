using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Writing;

/// <summary>Writes definitions and participants.</summary>
internal sealed class CatalogWriter(Func<RowStatement, IRows> rows)
{
    private static readonly RowStatement AddDefinition = RowStatement.Insert(
        "definitions",
        Column.Key("name"), Column.Int("version"), Column.Text("body"), Column.Long("stored_at"), Column.Text("actor"));

    private static readonly RowStatement DeleteParticipant = RowStatement.Delete("participants", Column.Key("name"));

    private static readonly RowStatement AddParticipant = RowStatement.Insert(
        "participants",
        Column.Key("name"), Column.Text("url"), Column.Text("app"), Column.Int("via_pubsub"), Column.Int("concurrency"),
        Column.Int("paused"), Column.Text("retry"));

    private readonly IRows definition = rows(AddDefinition);
    private readonly IRows deleted = rows(DeleteParticipant);
    private readonly IRows participant = rows(AddParticipant);

    public void Write(StoreCommit commit)
    {
        foreach (var row in commit.Definitions)
        {
            definition[0] = row.Name;
            definition[1] = row.Version;
            definition[2] = row.Body;
            definition[3] = row.StoredAt.ToUnixTimeMilliseconds();
            definition[4] = row.Actor;
            definition.Write();
        }

        foreach (var row in Latest.Of(commit.Participants, row => row.Name))
        {
            deleted[0] = participant[0] = row.Name;
            participant[1] = row.Url?.OriginalString;
            participant[2] = row.App;
            participant[3] = row.ViaPubSub ? 1 : 0;
            participant[4] = row.Concurrency;
            participant[5] = row.Paused ? 1 : 0;
            participant[6] = row.Retry is { } retry ? RetryOverrideJson.Write(retry).ToString() : null;
            deleted.Write();
            participant.Write();
        }
    }
}
