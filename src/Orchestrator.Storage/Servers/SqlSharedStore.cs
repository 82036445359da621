using Dapper;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Servers;

/// <summary>See <see cref="ISharedStore" />.</summary>
internal sealed class SqlSharedStore(IServerDialect dialect, StoreOwner owner) : ISharedStore
{
    /// <inheritdoc />
    public long Token => owner.Token;

    /// <inheritdoc />
    public Task<SharedView> BeatAsync(OwnerCard card, CancellationToken cancel) => dialect.KeepAsync(
        async connection =>
        {
            const string beat = """
                UPDATE owners SET beat = beat + 1, address = @address, catalog_no = @seen WHERE token = @token
                """;
            const string others = """
                SELECT token AS Token, beat AS Beat, catalog_no AS CatalogSeen, address AS Address
                FROM owners WHERE token <> @token
                """;
            const string head = """
                SELECT no AS LastNumber, catalog_no AS CatalogNumber, unowned AS Unowned FROM head WHERE id = 1
                """;
            var token = owner.Token;
            var values = new { token, address = card.Address?.AbsoluteUri, seen = card.CatalogSeen };
            var isOwner =
                await connection.ExecuteAsync(new CommandDefinition(beat, values, cancellationToken: cancel)) == 1;
            var at = await connection.QuerySingleAsync<HeadData>(
                new CommandDefinition(head, cancellationToken: cancel));
            var beats = await connection.QueryAsync<BeatData>(
                new CommandDefinition(others, new { token }, cancellationToken: cancel));
            return new SharedView(
                isOwner, at.LastNumber, at.CatalogNumber, at.Unowned > 0,
                [.. beats.Select(
                    row => new OwnerBeat(row.Token, row.Beat, row.CatalogSeen, AddressOf(row.Address)))]);
        },
        cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> ClaimAsync(IReadOnlyList<OwnerBeat> silent, CancellationToken cancel) =>
        dialect.KeepAsync(
            connection => dialect.ClaimAsync(connection, owner.Token, silent, cancel), cancel);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredSaga>> LoadAsync(IReadOnlyCollection<long> numbers, CancellationToken cancel) =>
        dialect.ReadAsync<IReadOnlyList<StoredSaga>>(
            async connection =>
            {
                var sagas = new List<StoredSaga>(numbers.Count);
                foreach (var some in numbers.Chunk(StorageLimits.MaxSagasPerQuery))
                {
                    var parameters = new DynamicParameters();
                    var names = ValueList.Add(parameters, some);
                    var sql = $"""
                        SELECT s.no AS No, s.id AS Id, s.definition AS Definition,
                          s.definition_version AS DefinitionVersion, h.body AS Body
                        FROM sagas s JOIN history h ON h.saga = s.no
                        WHERE s.no IN ({names}) AND (s.ended_at IS NULL OR s.unverified = 1)
                        ORDER BY s.no, h.seq
                        """;
                    var rows = await connection.QueryAsync<TurnData>(
                        new CommandDefinition(sql, parameters, cancellationToken: cancel));
                    sagas.AddRange(rows.GroupBy(row => row.No).Select(turns => Saga([.. turns])));
                }

                return sagas;
            },
            cancel);

    /// <inheritdoc />
    public Task<SagaOwnerRow?> FindOwnerAsync(string sagaId, CancellationToken cancel) => dialect.ReadAsync(
        async connection =>
        {
            var sql = $"""
                SELECT s.owner AS Token, o.address AS Address
                FROM sagas s LEFT JOIN owners o ON o.token = s.owner
                WHERE {dialect.Words.Is("s.id", "@sagaId")} AND (s.ended_at IS NULL OR s.unverified = 1)
                """;
            var row = await connection.QuerySingleOrDefaultAsync<OwnerData>(
                new CommandDefinition(sql, new { sagaId }, cancellationToken: cancel));
            if (row is null) return null;
            return new SagaOwnerRow(row.Token, AddressOf(row.Address));
        },
        cancel);

    private static Uri? AddressOf(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var read) ? read : null;

    private static StoredSaga Saga(IReadOnlyList<TurnData> turns) => new(
        turns[0].No,
        turns[0].Id,
        turns[0].Definition,
        turns[0].DefinitionVersion,
        [.. turns.Select(turn => new ReadOnlyMemory<byte>(turn.Body))]);

    private sealed class HeadData
    {
        public long LastNumber { get; set; }

        public long CatalogNumber { get; set; }

        public int Unowned { get; set; }
    }

    private sealed class BeatData
    {
        public long Token { get; set; }

        public long Beat { get; set; }

        public long CatalogSeen { get; set; }

        public string? Address { get; set; }
    }

    private sealed class OwnerData
    {
        public long Token { get; set; }

        public string? Address { get; set; }
    }

    private sealed class TurnData
    {
        public long No { get; set; }

        public string Id { get; set; } = "";

        public string Definition { get; set; } = "";

        public int DefinitionVersion { get; set; }

        public byte[] Body { get; set; } = [];
    }
}
