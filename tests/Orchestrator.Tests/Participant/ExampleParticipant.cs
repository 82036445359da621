using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>The participant of docs/participant.md, and how its owner tests it. Keep both alike.</summary>
public sealed class ExampleParticipant : IDisposable
{
    private readonly SqliteDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task A_reservation_that_nobody_confirms_goes_back_to_the_stock()
    {
        var clock = new ManualTime();
        await using var factory = new Inventory(database.ConnectionString, clock);
        var steps = new Commands(factory.CreateClient(), clock);
        (await steps.DoAsync("saga-1", """{"sku":"A1","quantity":2}""")).Code.Should().Be(200);
        database.Available().Should().Be(98);

        clock.Jump(TimeSpan.FromMinutes(1));
        await factory.Services.GetRequiredService<SagaLedger>().UndoDueAsync();

        database.Available().Should().Be(100);
    }

    [Fact]
    public async Task A_reservation_of_more_than_there_is_is_refused()
    {
        var clock = new ManualTime();
        await using var factory = new Inventory(database.ConnectionString, clock);

        var answer = await new Commands(factory.CreateClient(), clock).DoAsync("saga-1", """{"sku":"A1","quantity":101}""");

        answer.Summary.Should().Be("409 refused refused");
        answer.Detail.Should().Be("101 pieces of A1 are not left.");
    }

    internal sealed class Inventory(string database, TimeProvider clock) : WebApplicationFactory<ExampleParticipant>
    {
        protected override IHostBuilder CreateHostBuilder() =>
            Host.CreateDefaultBuilder().ConfigureWebHostDefaults(web => web
            .ConfigureServices(services => services
                .AddRouting()
                .AddSingleton(clock)
                .AddSagaParticipant(options =>
                    options.UseDatabase(LedgerDialect.Sqlite, () => new SqliteConnection(database))))
            .Configure(app => app.UseRouting().UseEndpoints(endpoints =>
                endpoints.MapSagaStep<Reserve, Reservation>("reserve", step => step.Do(ReserveAsync).Undo(PutBackAsync)))));

        protected override void ConfigureWebHost(IWebHostBuilder builder) =>
            builder.UseContentRoot(AppContext.BaseDirectory);

        private static async Task<SagaAnswer<Reservation>> ReserveAsync(
            SagaCall<Reserve> call, CancellationToken cancel)
        {
            var taken = await call.Connection.ExecuteAsync(
                "UPDATE stock SET available = available - @Quantity WHERE available >= @Quantity",
                call.Data, call.Transaction);
            if (taken == 0)
                return SagaAnswer.Refuse($"{call.Data.Quantity} pieces of {call.Data.Sku} are not left.");
            return new Reservation("r-" + call.SagaId);
        }

        private static Task PutBackAsync(SagaCall<Reserve, Reservation> call, CancellationToken cancel) =>
            call.Connection.ExecuteAsync(
                "UPDATE stock SET available = available + @Quantity", call.Data, call.Transaction);
    }
}
