using System.Data.Common;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Conformance;
using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checks;
using Orchestrator.Conformance.Reporting;
using Orchestrator.Contract;
using Orchestrator.Participant;

namespace Orchestrator.Tests.Conformance;

/// <summary>What a seat costs.</summary>
internal sealed record SeatData(string Row, int Seats);

/// <summary>What booking answers.</summary>
internal sealed record SeatOutput(string Ticket);

/// <summary>
/// A small participant with the .NET library on a database of the test's choice: a compensatable step, and one without
/// an undo for pivot and retriable. It wants a token.
/// </summary>
internal sealed class LedgerHost : IAsyncDisposable
{
    internal const string Token = "a-token-of-24-characters";
    private const int AllSeats = 500;

    private readonly WebApplication web;

    private LedgerHost(WebApplication app) => web = app;

    internal Uri Address =>
        new(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    internal static async Task<LedgerHost> StartAsync(LedgerDialect dialect, Func<DbConnection> connect)
    {
        await using (var connection = connect())
        {
            await connection.OpenAsync();
            await connection.ExecuteAsync("CREATE TABLE seats (row_name VARCHAR(20) NOT NULL PRIMARY KEY, free INT NOT NULL)");
            await connection.ExecuteAsync("INSERT INTO seats (row_name, free) VALUES ('A', @AllSeats)", new { AllSeats });
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSagaParticipant(options =>
        {
            options.UseDatabase(dialect, connect);
            options.Token = Token;
        });
        var app = builder.Build();
        app.MapSagaStep<SeatData, SeatOutput>("book-seat", step => step.Do(BookAsync).Undo(
            (call, _) => TakeAsync(call.Connection, call.Transaction, call.Data with { Seats = -call.Data.Seats })));
        app.MapSagaStep<SeatData, SeatOutput>("print-ticket", step => step.Do(BookAsync));
        app.MapGet("/seats", async () =>
        {
            await using var connection = connect();
            return Results.Text(await connection.ExecuteScalarAsync<string>("SELECT CAST(free AS VARCHAR(20)) FROM seats"));
        });
        await app.StartAsync();
        return new LedgerHost(app);
    }

    /// <summary>Plays all but the kills, for it runs in this process. Generous to a busy machine.</summary>
    internal Task<KitSummary> PlayKitAsync()
    {
        var good = new StepData("""{"row":"A","seats":1}""");
        var refused = new StepData("""{"row":"A","seats":1000}""");
        var options = new KitOptions
        {
            Address = Address,
            Step = new OfferedStep("book-seat", WireKind.Compensatable, good, refused),
            Pivot = new OfferedStep("print-ticket", WireKind.Pivot, good, refused),
            Retriable = new OfferedStep("print-ticket", WireKind.Retriable, good, refused),
            Probe = new Uri(Address, "/seats"),
            Token = Token,
            Hold = TimeSpan.FromSeconds(3),
            Grace = TimeSpan.FromSeconds(10),
            Timeout = TimeSpan.FromSeconds(30),
        };
        return ConformanceCommand.PlayAsync(options, Suite.Of(options), _ => { }, null, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await web.StopAsync();
        await web.DisposeAsync();
    }

    private static async Task<SagaAnswer<SeatOutput>> BookAsync(SagaCall<SeatData> call, CancellationToken cancel) =>
        await TakeAsync(call.Connection, call.Transaction, call.Data) == 1
            ? new SeatOutput($"T-{Guid.NewGuid():N}")
            : SagaAnswer.Refuse($"{call.Data.Seats} seats are not free in row {call.Data.Row}.");

    private static Task<int> TakeAsync(DbConnection connection, DbTransaction transaction, SeatData seats) =>
        connection.ExecuteAsync(
            "UPDATE seats SET free = free - @Seats WHERE row_name = @Row AND free >= @Seats", seats, transaction);
}
