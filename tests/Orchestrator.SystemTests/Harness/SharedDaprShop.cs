namespace Orchestrator.SystemTests.Harness;

/// <summary>One open shop on Dapr for all tests of a class that leave it running as they found it.</summary>
public sealed class SharedDaprShop : IAsyncLifetime
{
    private OpenShop? shop;

    internal OpenShop Shop => shop ?? throw new InvalidOperationException("The shop is not open yet.");

    public async Task InitializeAsync() => shop = await OpenShop.StartAsync(ShopEngine.Dapr);

    public async Task DisposeAsync()
    {
        if (shop is not null) await shop.DisposeAsync();
    }
}
