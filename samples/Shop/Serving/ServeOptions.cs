using Shop.Orders;

namespace Shop.Serving;

/// <summary>What <c>serve</c> was told.</summary>
internal sealed record ServeOptions(string Service, string Url, string Data, Neighbours Neighbours)
{
    /// <summary>Options of <c>serve</c>, with what they say.</summary>
    internal static readonly string[] Known = ["urls", "data", "orchestrator", "inventory", "payment", "delivery"];

    internal static ServeOptions Read(string service, IEnumerable<string> arguments)
    {
        if (!ShopPorts.Services.Contains(service, StringComparer.Ordinal))
            throw new CommandLineException(
                $"There is no service {service}. Say one of: {string.Join(", ", ShopPorts.Services)}.");
        var line = CommandLine.Read(arguments, Known);
        var ports = ShopPorts.Default;
        return new ServeOptions(
            service, line.Get("urls") ?? ports.UrlOf(service), ShopPlaces.DataFolder(line.Get("data")),
            new Neighbours(
                Address(line, ShopPorts.Orchestrator), Address(line, ShopPorts.Inventory),
                Address(line, ShopPorts.Payment), Address(line, ShopPorts.Delivery)));
    }

    private static Uri Address(CommandLine line, string name)
    {
        var text = line.Get(name) ?? ShopPorts.Default.UrlOf(name);
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new CommandLineException($"--{name} must be an address such as http://127.0.0.1:5102, not {text}.");
    }
}
