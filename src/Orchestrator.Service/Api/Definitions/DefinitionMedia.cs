using Microsoft.Net.Http.Headers;
using Orchestrator.Engine.DefinitionFiles;
using Orchestrator.Service.Api.Bodies;

namespace Orchestrator.Service.Api.Definitions;

/// <summary>Says by its content type what a definition is written in.</summary>
internal static class DefinitionMedia
{
    private static readonly HashSet<string> Yaml = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml",
    };

    /// <summary>
    /// False for a content type that is neither YAML nor JSON; plain text, or none at all, may be either.
    /// </summary>
    public static bool TryRead(string? contentType, out DefinitionFormat format)
    {
        format = DefinitionFormat.Unsaid;
        if (string.IsNullOrEmpty(contentType)) return true;
        if (BodyReader.IsJson(contentType))
        {
            format = DefinitionFormat.Json;
            return true;
        }

        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !BodyReader.IsUtf8(type)) return false;
        if (type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)) return true;
        format = DefinitionFormat.Yaml;
        return Yaml.Contains(type.MediaType.ToString())
            || type.Suffix.Equals("yaml", StringComparison.OrdinalIgnoreCase);
    }
}
