using System.Collections.Immutable;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Hosting;

/// <summary>Reads <c>Orchestrator:Alerts</c>: whom to tell when a saga wants a person.</summary>
internal static class AlertSettings
{
    /// <summary>The section of the targets.</summary>
    public const string Section = "Alerts";

    /// <summary>How long a saga must have been overdue or in doubt.</summary>
    public const string AfterKey = "AlertAfter";

    private static readonly string[] Known = ["Url", "On", "Token", "TokenFile", "Secret", "SecretFile"];

    /// <summary>
    /// Reads it and collects what is wrong, without what was configured where that may be a secret.
    /// </summary>
    public static AlertOptions Read(IConfigurationSection section, List<string> problems)
    {
        var targets = section.GetSection(Section).GetChildren().Select(target => ReadTarget(target, problems));
        return new AlertOptions
        {
            Targets = [.. targets.OfType<AlertTarget>()],
            After = ReadAfter(section, problems),
        };
    }

    private static TimeSpan ReadAfter(IConfigurationSection section, List<string> problems)
    {
        var standard = new AlertOptions().After;
        if (section[AfterKey] is not { } text) return standard;
        if (Durations.TryRead(text, out var after) && after <= ServiceLimits.LongestAlertAfter) return after;
        problems.Add(
            $"{section.Path}:{AfterKey} is \"{text}\". It is how long a saga must have been overdue or in doubt before "
            + $"somebody is told: a duration such as 30s, at most "
            + $"{Durations.Write(ServiceLimits.LongestAlertAfter)}.");
        return standard;
    }

    private static AlertTarget? ReadTarget(IConfigurationSection section, List<string> problems)
    {
        var before = problems.Count;
        SettingShapes.CheckSection(section, problems);
        SettingShapes.Check(section, Known, [], problems);
        if (section.Key.Length > DefinitionLimits.NameLength || !Api.PrintableText.IsAscii(section.Key))
            problems.Add($"{section.Path} is no name: it has at most {DefinitionLimits.NameLength} printable ASCII "
                + "characters.");
        // An address may carry a secret, as many chat services have it, so it is not repeated.
        if (!Uri.TryCreate(section["Url"], UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0)
            problems.Add($"{section.Path}:Url is missing, or no http or https address without user information.");
        var token = ReadSecret(section, "Token", problems);
        var secret = ReadSecret(section, "Secret", problems);
        var on = ReadReasons(section, problems);
        return problems.Count > before
            ? null
            : new AlertTarget(section.Key, url!) { On = on, Token = token, Secret = secret };
    }

    private static ImmutableSortedSet<AlertReason> ReadReasons(IConfigurationSection section, List<string> problems)
    {
        var all = Enum.GetValues<AlertReason>();
        if (section["On"] is not { } text) return [.. all];
        var words = text.Split(
            [',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var read = words.Select(word => all.Where(reason => Api.Words.Of(reason) == word).ToArray()).ToArray();
        if (read.Length > 0 && read.All(found => found.Length == 1)) return [.. read.Select(found => found[0])];
        problems.Add(
            $"{section.Path}:On is \"{text}\". Name what it is to be told of, with commas: "
            + $"{string.Join(", ", all.Select(Api.Words.Of))}.");
        return [];
    }

    private static string? ReadSecret(IConfigurationSection section, string name, List<string> problems)
    {
        var (text, file) = (section[name], section[name + "File"]);
        if (string.IsNullOrEmpty(text) && string.IsNullOrEmpty(file)) return null;
        if (!string.IsNullOrEmpty(text) && !string.IsNullOrEmpty(file))
        {
            problems.Add($"There are {section.Path}:{name} and {section.Path}:{name}File. Set one of them.");
            return null;
        }

        var read = string.IsNullOrEmpty(file) ? text! : ParticipantToken.ReadFile(file);
        if (read is not null && ParticipantToken.IsToken(read)) return read;
        problems.Add(string.IsNullOrEmpty(file)
            ? $"{section.Path}:{name} must have 16 to 4096 printable ASCII characters and no blanks."
            : $"{section.Path}:{name}File is {file}, which cannot be read or does not hold 16 to 4096 printable ASCII "
                + "characters without blanks.");
        return null;
    }
}
