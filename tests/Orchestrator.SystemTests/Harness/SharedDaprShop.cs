using Orchestrator.SystemTests.Dapr;

namespace Orchestrator.SystemTests.Harness;

/// <summary>One open shop on Dapr for all tests that leave it running and the bank open.</summary>
public sealed class SharedDaprShop : IAsyncLifetime
{
    internal const string Name = "the open shop on Dapr";

    private OpenShop? shop;

    internal OpenShop Shop => shop ?? throw new InvalidOperationException("The shop is not open yet.");

    public async Task InitializeAsync() => shop = await OpenShop.StartAsync(ShopEngine.Dapr);

    public async Task DisposeAsync()
    {
        if (shop is not null) await shop.DisposeAsync();
    }
}

/// <summary>Who shares it, and Dapr's client, comes one after the other.</summary>
[CollectionDefinition(SharedDaprShop.Name)]
public sealed class OnTheSharedDaprShop : ICollectionFixture<SharedDaprShop>, ICollectionFixture<InstalledDaprClient>;
