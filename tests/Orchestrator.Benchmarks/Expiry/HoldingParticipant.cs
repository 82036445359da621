using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Participant;

namespace Orchestrator.Benchmarks.Expiry;

/// <summary>A participant with the real library: what <c>expiry</c> starts and leaves alone.</summary>
internal static class HoldingParticipant
{
    /// <summary>Serves until its input is closed: it does not outlive whoever started it.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var database = HolderDatabase.FromArgument(args[0]);
        var undoesMany = args is [_, "many", ..];
        database.Prepare();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSagaParticipant(options => options.UseDatabase(database.Dialect, database.Connect));
        await using var app = builder.Build();
        app.MapSagaStep<Hold, Held>("hold", step =>
        {
            step.Do(TakeAsync).Undo(PutBackAsync);
            if (undoesMany) step.UndoMany(PutAllBackAsync);
        });
        await app.StartAsync();
        Console.WriteLine($"Now listening on: {app.Urls.Single()}");
        // The console is read in the caller's thread whatever the name says; one of the pool's two would be gone.
        await Task.Factory.StartNew(
            Console.In.ReadToEnd, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await app.StopAsync();
        return 0;
    }

    private static async Task<SagaAnswer<Held>> TakeAsync(SagaCall<Hold> call, CancellationToken cancel)
    {
        await call.Connection.ExecuteAsync(
            "UPDATE stock SET available = available - @Quantity WHERE article = @Article", call.Data, call.Transaction);
        return new Held("h-" + call.SagaId);
    }

    private static async Task PutBackAsync(SagaCall<Hold, Held> call, CancellationToken cancel)
    {
        await call.Connection.ExecuteAsync(
            "UPDATE stock SET available = available + @Quantity WHERE article = @Article", call.Data, call.Transaction);
        await call.Connection.ExecuteAsync("INSERT INTO undone (saga_id) VALUES (@SagaId)", new { call.SagaId }, call.Transaction);
    }

    private static async Task PutAllBackAsync(SagaUndos<Hold, Held> undos, CancellationToken cancel)
    {
        if (undos.Connection is NpgsqlConnection)
        {
            await PutAllBackByArraysAsync(undos);
            return;
        }

        var parameters = new DynamicParameters();
        var (articles, sagas) = (new List<string>(), new List<string>());
        foreach (var article in undos.Calls.GroupBy(call => call.Data.Article))
        {
            parameters.Add($"a{articles.Count}", article.Key);
            parameters.Add($"q{articles.Count}", article.Sum(call => call.Data.Quantity));
            articles.Add($"(@a{articles.Count}, @q{articles.Count})");
        }

        foreach (var call in undos.Calls)
        {
            parameters.Add($"s{sagas.Count}", call.SagaId);
            sagas.Add($"(@s{sagas.Count})");
        }

        await undos.Connection.ExecuteAsync(
            $"""
            WITH given (article, quantity) AS (VALUES {string.Join(", ", articles)})
            UPDATE stock SET available = available + given.quantity FROM given WHERE stock.article = given.article;
            INSERT INTO undone (saga_id) VALUES {string.Join(", ", sagas)}
            """,
            parameters, undos.Transaction);
    }

    private static Task<int> PutAllBackByArraysAsync(SagaUndos<Hold, Held> undos)
    {
        var articles = undos.Calls.GroupBy(call => call.Data.Article).ToList();
        return undos.Connection.ExecuteAsync(
            """
            UPDATE stock SET available = available + given.quantity
            FROM unnest(@articles, @quantities) AS given (article, quantity) WHERE stock.article = given.article;
            INSERT INTO undone (saga_id) SELECT unnest(@sagas)
            """,
            new
            {
                articles = articles.Select(article => article.Key).ToArray(),
                quantities = articles.Select(article => article.Sum(call => call.Data.Quantity)).ToArray(),
                sagas = undos.Calls.Select(call => call.SagaId).ToArray(),
            },
            undos.Transaction);
    }

    internal sealed record Hold(int Article, int Quantity);

    internal sealed record Held(string Id);
}
