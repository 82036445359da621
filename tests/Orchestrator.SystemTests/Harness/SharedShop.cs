namespace Orchestrator.SystemTests.Harness;

/// <summary>One open shop for all tests that leave it running and the bank open.</summary>
public sealed class SharedShop : IAsyncLifetime
{
    internal const string Name = "the open shop";

    private OpenShop? shop;

    internal OpenShop Shop => shop ?? throw new InvalidOperationException("The shop is not open yet.");

    public async Task InitializeAsync() => shop = await OpenShop.StartAsync();

    public async Task DisposeAsync()
    {
        if (shop is not null) await shop.DisposeAsync();
    }
}

/// <summary>Who shares it comes one after the other.</summary>
[CollectionDefinition(SharedShop.Name)]
public sealed class OnTheSharedShop : ICollectionFixture<SharedShop>;
