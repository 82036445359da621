namespace Orchestrator.Storage.Writing;

/// <summary>The statements a saga's life is written with.</summary>
internal static class SagaStatements
{
    public static readonly RowStatement Add = RowStatement.Insert(
        "sagas",
        Column.Number("no"), Column.Key("id"), Column.Key("definition"), Column.Int("definition_version"),
        Column.Int("phase"), Column.Int("stuck"), Column.Int("in_doubt"), Column.Text("reason_code"),
        Column.Text("reason_text"), Column.Text("reason_actor"), Column.Long("started_at"), Column.Long("expires_at"),
        Column.Long("ended_at"), Column.Key("business_key"), Column.Text("tags"), Column.Int("suspended"),
        Column.Long("owner"), Column.Int("unverified"));

    public static readonly RowStatement Change = RowStatement.Update(
        "sagas",
        Column.Number("no"), Column.Int("phase"), Column.Int("stuck"), Column.Int("in_doubt"),
        Column.Text("reason_code"), Column.Text("reason_text"), Column.Text("reason_actor"), Column.Long("ended_at"),
        Column.Int("suspended"), Column.Long("expires_at"), Column.Int("unverified"));

    public static readonly RowStatement DeleteHistory = RowStatement.Delete("history", Column.Long("saga"));

    public static readonly RowStatement AddTurn = RowStatement.Insert(
        "history",
        Column.Number("no"), Column.Number("saga"), Column.Int("seq"), Column.Int("count"), Column.Bytes("body"));

    public static readonly RowStatement AddStart = RowStatement.Insert(
        "starts", Column.Key("definition"), Column.Key("\"key\""), Column.Bytes("digest"), Column.Key("saga_id"));

    public static readonly RowStatement AddTag = RowStatement.Insert(
        "tags", Column.Key("name"), Column.Key("value"), Column.Number("saga"));

    public static readonly RowStatement AddEnding = RowStatement.Insert(
        "endings",
        Column.Number("no"), Column.Key("saga_id"), Column.Int("phase"), Column.Text("participants"),
        Column.Long("owner"));
}
