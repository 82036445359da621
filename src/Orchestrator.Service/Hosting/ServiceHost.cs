using Microsoft.Extensions.Logging.Console;
using Orchestrator.Dapr;
using Orchestrator.Embedded;
using Orchestrator.Engine;
using Orchestrator.Service.Api;
using Orchestrator.Service.Api.Audit;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Dashboard;
using Orchestrator.Service.Events;
using Orchestrator.Service.Security;
using Orchestrator.Service.Telemetry;

namespace Orchestrator.Service.Hosting;

/// <summary>The composition root: puts engine, store, API and pages together.</summary>
internal static class ServiceHost
{
    /// <summary>Builds the application without starting it. Throws <see cref="StartRefusedException" />.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="change">What tests replace, such as the clock.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? change = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
        });
        var settings = SettingsReader.Read(builder.Configuration);
        Host(builder);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddTelemetry();
        builder.Services.AddStore(settings);
        // Started in this order: the engine, the definition files, then the web server with everything ready behind it.
        builder.Services.AddEvents(builder.Configuration, settings.Security);
        AddEngine(builder.Services, settings);
        builder.Services.AddHostedService<DefinitionFolder>();
        builder.Services.AddSecurity(settings.Security);
        builder.Services.AddApi();
        change?.Invoke(builder);
        var app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseMiddleware<RefusalMiddleware>();
        app.UseSecurity();
        app.MapApi();
        app.MapEvents();
        app.MapDashboard();
        return app;
    }

    private static void AddEngine(IServiceCollection services, ServiceSettings settings)
    {
        var options = new EngineOptions
        {
            RetainCompleted = settings.RetainCompleted,
            RetainCompensated = settings.RetainCompensated,
            RetainAudit = settings.RetainAudit,
            Lease = settings.Sharing.Lease,
            Alerts = settings.Alerts,
        };
        if (settings.Dapr is { } sidecar) services.AddDaprEngine(sidecar, options);
        else services.AddEmbeddedEngine(options);
    }

    private static void Host(WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey])
            && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(ServiceSettings.DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ServiceLimits.Shutdown);
        // What keeps the service from starting is told in a sentence by ServiceRun; the host would print a stack trace
        // as well. A background service that dies later is told by the host as critical.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.ConfigureOptions<QuietLines>();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
    }
}
