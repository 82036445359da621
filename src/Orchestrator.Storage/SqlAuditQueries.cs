using System.Globalization;
using System.Text;
using Dapper;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>See <see cref="IAuditQueries" />.</summary>
internal sealed class SqlAuditQueries(ISqlDialect dialect) : IAuditQueries
{
    /// <inheritdoc />
    public Task<AuditPage> ListAsync(AuditFilter filter, CancellationToken cancel)
    {
        var limit = Math.Clamp(filter.Limit, 1, StorageLimits.MaxPage);
        var (conditions, parameters) = Conditions(filter, dialect.Words);
        parameters.Add("limit", limit + 1);
        var sql = $"""
            SELECT {dialect.Words.Top}seq AS Seq, at AS At, actor AS Actor, verb AS Verb, kind AS Kind,
              target AS Target, definition AS Definition, reason AS Reason, was AS Was, became AS Became, code AS Code
            FROM audit WHERE 1 = 1{conditions} ORDER BY seq DESC {dialect.Words.Limit}
            """;
        return dialect.ReadAsync(
            async connection =>
            {
                var rows = (await connection.QueryAsync<AuditData>(
                    new CommandDefinition(sql, parameters, cancellationToken: cancel))).AsList();
                var more = rows.Count > limit;
                if (more) rows.RemoveAt(rows.Count - 1);
                return new AuditPage(
                    rows.ConvertAll(row => row.ToEntry()),
                    more ? rows[^1].Seq.ToString(CultureInfo.InvariantCulture) : null);
            },
            cancel);
    }

    /// <inheritdoc />
    public Task<long> FindOldAsync(DateTimeOffset before, long keep, int limit, CancellationToken cancel) =>
        dialect.ReadAsync(
            async connection =>
            {
                const string ends = """
                    SELECT COALESCE(MIN(seq), 0) AS Least, COALESCE(MAX(seq), 0) AS Most FROM audit
                    """;
                const string old = """
                    SELECT COALESCE(MAX(seq), 0) FROM audit
                    WHERE seq < @end AND (at < @before OR seq <= @surplus)
                    """;
                var (least, most) = await connection.QuerySingleAsync<(long Least, long Most)>(
                    new CommandDefinition(ends, cancellationToken: cancel));
                var values = new
                {
                    end = least + limit,
                    before = before.ToUnixTimeMilliseconds(),
                    surplus = most - keep,
                };
                return await connection.ExecuteScalarAsync<long>(
                    new CommandDefinition(old, values, cancellationToken: cancel));
            },
            cancel);

    private static (string Sql, DynamicParameters Values) Conditions(AuditFilter filter, SqlWords words)
    {
        var sql = new StringBuilder();
        var values = new DynamicParameters();
        Add(words.Is("actor", "@actor"), "actor", filter.Actor);
        Add(words.Is("verb", "@verb"), "verb", filter.Verb);
        Add(words.Is("definition", "@definition"), "definition", filter.Definition);
        Add($"kind = {(int)AuditKind.Saga} AND {words.Is("target", "@saga")}", "saga", filter.Saga);
        if (filter.Cursor is not { } cursor) return (sql.ToString(), values);
        if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
            throw new FormatException($"The cursor '{cursor}' is none this service made.");
        sql.Append(" AND seq < @cursor");
        values.Add("cursor", seq);
        return (sql.ToString(), values);

        void Add(string condition, string name, string? value)
        {
            if (value is null) return;
            sql.Append(" AND ").Append(condition);
            values.Add(name, value);
        }
    }

    private sealed class AuditData
    {
        public long Seq { get; set; }

        public long At { get; set; }

        public string Actor { get; set; } = "";

        public string Verb { get; set; } = "";

        public int Kind { get; set; }

        public string Target { get; set; } = "";

        public string? Definition { get; set; }

        public string? Reason { get; set; }

        public string? Was { get; set; }

        public string? Became { get; set; }

        public string? Code { get; set; }

        public AuditEntry ToEntry() => new(Seq, new AuditRow
        {
            At = SagaRows.Instant(At),
            Actor = Actor,
            Verb = Verb,
            Kind = (AuditKind)Kind,
            Target = Target,
            Definition = Definition,
            Reason = Reason,
            Before = Was,
            After = Became,
            Code = Code,
        });
    }
}
