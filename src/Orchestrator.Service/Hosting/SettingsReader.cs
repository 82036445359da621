using Orchestrator.Core.Definitions;
using Orchestrator.Dapr;
using Orchestrator.Engine;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Hosting;

/// <summary>Reads <c>Orchestrator:*</c> and refuses what is wrong, all of it at once.</summary>
internal static class SettingsReader
{
    private const string Section = "Orchestrator";

    private static readonly string[] Known =
    [
        "Data", "Definitions", "Engine", "RetainCompleted", "RetainCompensated", "RetainAudit", StoreSettings.StoreKey,
        StoreSettings.ConnectionKey, SharingSettings.AddressKey, SharingSettings.LeaseKey,
        SecuritySettingsReader.Section, AlertSettings.Section, AlertSettings.AfterKey,
    ];

    /// <summary>Those with more keys below them.</summary>
    private static readonly string[] Sections = [SecuritySettingsReader.Section, AlertSettings.Section];

    /// <summary>The settings. Throws <see cref="StartRefusedException" />.</summary>
    public static ServiceSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var problems = new List<string>();
        SettingShapes.Check(section, Known, Sections, problems);
        var dapr = Sidecar(section["Engine"], configuration, problems);
        var data = Folder("Data", section["Data"] ?? "data", problems);
        var definitions = section["Definitions"] is { } text ? Folder("Definitions", text, problems) : null;
        if (definitions is not null && !Directory.Exists(definitions))
            problems.Add(
                $"{Section}:Definitions is \"{definitions}\", and there is no such folder. Make it, or leave the key "
                + "out.");
        var defaults = new EngineOptions();
        var completed = Retention("RetainCompleted", section, defaults.RetainCompleted, problems);
        var compensated = Retention("RetainCompensated", section, defaults.RetainCompensated, problems);
        var audit = Retention("RetainAudit", section, defaults.RetainAudit, problems);
        var store = StoreSettings.Read(section, dapr is not null, problems);
        var sharing = SharingSettings.Read(section, defaults.Lease, problems);
        var alerts = AlertSettings.Read(section, problems);
        var security = new SecuritySettingsReader(configuration, problems).Read();
        if (problems.Count > 0) throw new StartRefusedException(string.Join(Environment.NewLine, problems));
        return new ServiceSettings(
            data!, definitions, completed, compensated, audit, store!, sharing, dapr, security, alerts);
    }

    /// <summary>Where the sidecar is, when the Dapr engine is asked for. The engine is never guessed.</summary>
    private static DaprOptions? Sidecar(string? engine, IConfiguration configuration, List<string> problems)
    {
        if (engine is null || Is(engine, ServiceSettings.EmbeddedEngine)) return null;
        if (!Is(engine, ServiceSettings.DaprEngine))
        {
            problems.Add(
                $"{Section}:Engine is \"{engine}\", which is not known. Set it to \"embedded\" or \"dapr\", or "
                + "leave it out.");
            return null;
        }

        try
        {
            return DaprOptions.Read(configuration);
        }
        catch (ArgumentException e)
        {
            // The runtime adds the option's name in brackets; the sentence names it already.
            problems.Add($"{Section}:Engine is \"dapr\". {e.Message.Split(" (Parameter")[0]}");
            return null;
        }
    }

    private static bool Is(string engine, string name) => engine.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static TimeSpan Retention(
        string key, IConfigurationSection section, TimeSpan standard, List<string> problems)
    {
        if (section[key] is not { } text) return standard;
        if (Durations.TryRead(text, out var time) && time >= ServiceLimits.ShortestRetention
            && time <= ServiceLimits.LongestRetention)
            return time;
        problems.Add(
            $"{Section}:{key} is \"{text}\". It is how long such a record stays readable: a duration such as "
            + $"30d or PT12H, from {Durations.Write(ServiceLimits.ShortestRetention)} to "
            + $"{Durations.Write(ServiceLimits.LongestRetention)}.");
        return standard;
    }

    private static string? Folder(string key, string path, List<string> problems)
    {
        if (!string.IsNullOrWhiteSpace(path) && !path.Contains('\0', StringComparison.Ordinal))
            return Path.GetFullPath(path);
        problems.Add($"{Section}:{key} names no folder. Name one, for instance --{Section}:{key}=DIR.");
        return null;
    }
}
