using Orchestrator.Engine.Sharing;

namespace Orchestrator.Service.Hosting;

/// <summary>Tells the other orchestrators on the same store where this one is reached.</summary>
internal static class OwnAddress
{
    private static readonly string[] Anywhere = ["0.0.0.0", "[::]", "::", "+", "*"];

    /// <summary>
    /// The configured address, else the first one it listens on. Throws <see cref="StartRefusedException" /> when that
    /// is none that others could use.
    /// </summary>
    public static void Announce(WebApplication app, ServiceSettings settings)
    {
        if (settings.Store.ConnectionString is null) return;
        var address = settings.Sharing.Address ?? app.Urls.Select(Read).FirstOrDefault(url => url is not null);
        if (address is null)
        {
            throw new StartRefusedException(
                "Orchestrator:Address is missing: other orchestrators on the same database send requests on to this "
                + "one, and it listens on every address of its machine. Say where the others reach it, for instance "
                + "--Orchestrator:Address=http://orchestrator-1:5080.");
        }

        app.Services.GetRequiredService<ISagaOwners>().Announce(address);
    }

    private static Uri? Read(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && !Anywhere.Contains(address.Host) ? address : null;
}
