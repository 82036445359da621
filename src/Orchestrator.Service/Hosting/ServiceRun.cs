using System.Globalization;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Service.Hosting;

/// <summary>
/// Runs the service to its end and turns what keeps it from starting into a sentence and an exit code.
/// </summary>
internal static class ServiceRun
{
    private const int CannotStart = 1;

    /// <summary>0 after a clean stop; what keeps it from starting goes to <paramref name="error" />.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter error)
    {
        // Whatever language this machine speaks, what the service writes is the same.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture =
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        try
        {
            await using var app = ServiceHost.Build(args);
            await StartAsync(app, CancellationToken.None);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (Sentence(e) is not null)
        {
            await error.WriteLineAsync($"The orchestrator cannot start. {Sentence(e)}");
            return CannotStart;
        }
    }

    /// <summary>Stores the definition files, starts the engine, then listens.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken cancel)
    {
        var settings = app.Services.GetRequiredService<ServiceSettings>();
        app.Services.GetRequiredService<ILogger<DefinitionFolder>>()
            .Configured(settings.Engine, settings.Place, settings.DefinitionsFolder ?? "no folder");
        await app.StartAsync(cancel);
        OwnAddress.Announce(app, settings);
    }

    private static string? Sentence(Exception e) => e switch
    {
        StartRefusedException or StoreInUseException or StoreUnavailableException => e.Message,
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"{e.Message} Stop what listens there, or choose another address with --urls.",
        FormatException when e.TargetSite?.DeclaringType?.Namespace?
            .StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            is true => $"{e.Message} Correct --urls.",
        _ => null,
    };
}
