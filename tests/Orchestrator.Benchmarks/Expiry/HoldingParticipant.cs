using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Participant;

namespace Orchestrator.Benchmarks.Expiry;

/// <summary>A participant with the real library: what <c>expiry</c> starts and leaves alone.</summary>
internal static class HoldingParticipant
{
    /// <summary>Serves until its input is closed: it does not outlive whoever started it.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var database = HolderDatabase.FromArgument(args[0]);
        database.Prepare();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSagaParticipant(options => options.UseDatabase(database.Dialect, database.Connect));
        await using var app = builder.Build();
        app.MapSagaStep<Hold, Held>("hold", step => step.Do(TakeAsync).Undo(PutBackAsync));
        await app.StartAsync();
        Console.WriteLine($"Now listening on: {app.Urls.Single()}");
        await Console.In.ReadToEndAsync();
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

    internal sealed record Hold(int Article, int Quantity);

    internal sealed record Held(string Id);
}
