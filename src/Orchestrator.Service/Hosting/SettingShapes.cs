using Orchestrator.Core.Definitions;

namespace Orchestrator.Service.Hosting;

/// <summary>
/// Which keys a section has, and which of them have keys below them. What has the wrong shape would be passed over in
/// silence: a list where one value is read, or a value where a section is.
/// </summary>
internal static class SettingShapes
{
    /// <summary>Adds a problem for each key that is not known or not shaped as it should be.</summary>
    public static void Check(
        IConfigurationSection section, string[] known, string[] withKeysBelow, List<string> problems)
    {
        foreach (var child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                problems.Add($"{child.Path} is not known. {NearestName.Suggest(child.Key, known)}");
            else if (withKeysBelow.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                CheckSection(child, problems);
            else if (child.GetChildren().Any())
                problems.Add($"{child.Path} takes one value, not several. Lists are written with commas in one value.");
        }
    }

    /// <summary>
    /// Adds a problem when a value stands where keys should; it is not repeated, for it may be a secret.
    /// </summary>
    public static void CheckSection(IConfigurationSection section, List<string> problems)
    {
        if (!string.IsNullOrEmpty(section.Value))
            problems.Add($"{section.Path} takes keys below it, and it is a value. Write {section.Path}:NAME.");
    }
}
