namespace Orchestrator.SystemTests.Brokers;

/// <summary>One open shop with a broker for all tests of a class.</summary>
/// <param name="engine">What runs its sagas: <c>embedded</c> or <c>dapr</c>.</param>
public abstract class SharedShopWithBroker(string engine) : IAsyncLifetime
{
    private ShopWithBroker? open;

    internal ShopWithBroker Open => open ?? throw new InvalidOperationException("The shop is not open yet.");

    public async Task InitializeAsync() => open = await ShopWithBroker.OpenAsync(engine);

    public async Task DisposeAsync()
    {
        if (open is not null) await open.DisposeAsync();
    }
}

/// <summary>On the embedded engine.</summary>
public sealed class SharedEmbeddedShopWithBroker() : SharedShopWithBroker("embedded");

/// <summary>On Dapr.</summary>
public sealed class SharedDaprShopWithBroker() : SharedShopWithBroker("dapr");
