namespace Orchestrator.SystemTests.Harness;

/// <summary>One open shop for all tests of a class that leave it as they found it.</summary>
public sealed class SharedShop : IAsyncLifetime
{
    private OpenShop? shop;

    internal OpenShop Shop => shop ?? throw new InvalidOperationException("The shop is not open yet.");

    public async Task InitializeAsync() => shop = await OpenShop.StartAsync();

    public async Task DisposeAsync()
    {
        if (shop is not null) await shop.DisposeAsync();
    }
}
