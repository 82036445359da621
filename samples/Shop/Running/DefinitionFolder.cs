using System.Text.Json;

namespace Shop.Running;

/// <summary>
/// The definition files an orchestrator of ours reads: this sample's, with the addresses of this run.
/// </summary>
internal static class DefinitionFolder
{
    /// <summary>Writes the files below the data folder and gives their folder.</summary>
    /// <remarks>
    /// A definition fills in an address only once, and another one for a known name is an error: participants move in
    /// the registry, not in definitions. So a data folder keeps the addresses it began with.
    /// </remarks>
    internal static string Write(string data, Func<string, Uri> addressOf)
    {
        var folder = Path.Combine(data, "definitions");
        Directory.CreateDirectory(folder);
        var first = FirstAddresses(Path.Combine(data, "addresses.json"), addressOf);
        foreach (var file in Directory.EnumerateFiles(ShopPlaces.Definitions, "*.yaml"))
        {
            var text = File.ReadAllText(file);
            foreach (var (service, address) in first)
                text = text.Replace(
                    $"\"{ShopPorts.Default.UrlOf(service)}\"", $"\"{address}\"", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), text);
        }

        return folder;
    }

    /// <summary>
    /// The folder an orchestrator alone reads: the one of an earlier run on this data, else this sample's.
    /// </summary>
    internal static string Existing(string data)
    {
        var folder = Path.Combine(data, "definitions");
        return Directory.Exists(folder) ? folder : ShopPlaces.Definitions;
    }

    private static Dictionary<string, string> FirstAddresses(string file, Func<string, Uri> addressOf)
    {
        if (File.Exists(file))
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!;
        var addresses = ShopPorts.Services.ToDictionary(
            service => service, service => addressOf(service).ToString().TrimEnd('/'), StringComparer.Ordinal);
        File.WriteAllText(file, JsonSerializer.Serialize(addresses));
        return addresses;
    }
}
