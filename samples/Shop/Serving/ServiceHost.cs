using Microsoft.Extensions.Logging.Console;
using Orchestrator.Participant;
using Shop.Delivery;
using Shop.Inventory;
using Shop.Orders;
using Shop.Payment;

namespace Shop.Serving;

/// <summary>Builds the web application of one service.</summary>
internal static class ServiceHost
{
    // The overview asks four services; a dead one must not hold up the others' answers for long.
    private static readonly TimeSpan NeighbourTimeout = TimeSpan.FromSeconds(1.5);

    internal static async Task<WebApplication> BuildAsync(ServeOptions options, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Url);
        AddLogging(builder.Logging);
        var services = builder.Services;
        var database = new ShopDatabase(Path.Combine(options.Data, $"{options.Service}.db"));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Effects>();
        services.AddSingleton<BankHours>();
        services.AddSingleton<SagaDiary>();
        services.AddHostedService(provider => provider.GetRequiredService<SagaDiary>());
        services.AddSingleton(options.Neighbours);
        services.AddSingleton(_ => new HttpClient { Timeout = NeighbourTimeout });
        services.AddSingleton<Overview>();
        services.AddSingleton(typeof(IShopService), TypeOf(options.Service));
        services.AddSagaParticipant(participant =>
        {
            participant.Dialect = LedgerDialect.Sqlite;
            participant.Connect = database.OpenAsync;
        });
        // Beside a Dapr sidecar the commands may come over its broker as well.
        var hasSidecar = !string.IsNullOrEmpty(builder.Configuration["DAPR_HTTP_PORT"]);
        if (hasSidecar) services.AddSagaSubscriptions(subscription => subscription.Participant = options.Service);
        var app = builder.Build();
        if (hasSidecar) app.MapSagaSubscriptions();
        var service = app.Services.GetRequiredService<IShopService>();
        await database.PrepareAsync(service.Schema, cancel);
        var diary = app.Services.GetRequiredService<SagaDiary>();
        diary.Watch(app);
        if (hasSidecar) diary.WatchEvents(app);
        app.MapGet("/healthz", () => new { service = service.Name, processId = Environment.ProcessId });
        Effects.MapRead(app, database);
        service.Map(app, database);
        return app;
    }

    private static Type TypeOf(string service) => service switch
    {
        ShopPorts.Order => typeof(OrderService),
        ShopPorts.Inventory => typeof(InventoryService),
        ShopPorts.Payment => typeof(PaymentService),
        ShopPorts.Delivery => typeof(DeliveryService),
        _ => throw new CommandLineException(
            $"There is no service {service}. Say serve order, serve inventory, serve payment or serve delivery."),
    };

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Shop", LogLevel.Information);
        logging.AddFilter("Orchestrator", LogLevel.Information);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
    }
}
