using Dapper;
using Orchestrator.Participant;

namespace Shop.Serving;

/// <summary>What the services have in common.</summary>
internal static class Answers
{
    /// <summary>The row, or 404 that says what was looked for.</summary>
    internal static IResult FoundOr404<T>(T? row, string what, string id)
        where T : class =>
        row is not null
            ? Results.Ok(row)
            : Results.Problem(
                title: "Not found",
                detail: $"There is no {what} {id} here.",
                statusCode: StatusCodes.Status404NotFound,
                extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = "not-found" });

    /// <summary>Runs a statement in the transaction of the ledger row; answers how many rows it changed.</summary>
    internal static Task<int> WriteAsync<T>(this SagaCall<T> call, string sql, object parameters) =>
        call.Connection.ExecuteAsync(sql, parameters, call.Transaction);

    /// <summary>
    /// Runs a statement that must change exactly one row: anything else is a bug and changes nothing.
    /// </summary>
    internal static async Task WriteOneAsync<T>(this SagaCall<T> call, string sql, object parameters)
    {
        var changed = await call.WriteAsync(sql, parameters);
        if (changed != 1)
            throw new InvalidOperationException(
                $"Saga {call.SagaId}, step {call.Step}: {changed} rows changed, not one.");
    }
}
