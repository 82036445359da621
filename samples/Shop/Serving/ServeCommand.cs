using Microsoft.AspNetCore.Connections;

namespace Shop.Serving;

/// <summary><c>serve inventory --urls http://127.0.0.1:5102 --data DIR</c>: one service alone.</summary>
internal static class ServeCommand
{
    internal static async Task<int> RunAsync(string service, IEnumerable<string> arguments)
    {
        var options = ServeOptions.Read(service, arguments);
        var taken = new CommandLineException(
            $"The {service} service cannot listen on {options.Url}: the port is taken. "
            + "Stop what listens there, or choose another address with --urls.");
        if (Uri.TryCreate(options.Url, UriKind.Absolute, out var url) && url.IsLoopback && ShopPorts.IsTaken(url.Port))
            throw taken;
        await using var app = await ServiceHost.BuildAsync(options, CancellationToken.None);
        try
        {
            await app.StartAsync();
        }
        catch (IOException late) when (late.InnerException is AddressInUseException)
        {
            throw taken;
        }

        await Console.Out.WriteLineAsync(
            $"{service} listens on {options.Url}, process {Environment.ProcessId}, data in {options.Data}");
        await app.WaitForShutdownAsync();
        return 0;
    }
}
