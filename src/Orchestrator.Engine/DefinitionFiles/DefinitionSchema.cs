namespace Orchestrator.Engine.DefinitionFiles;

/// <summary>
/// The JSON Schema (draft 2020-12) of a definition's file: docs/definition.schema.json, carried along in the assembly.
/// </summary>
public static class DefinitionSchema
{
    /// <summary>Its media type.</summary>
    public const string ContentType = "application/schema+json";

    /// <summary>The bytes of the schema, UTF-8.</summary>
    public static ReadOnlyMemory<byte> Utf8 { get; } = Load();

    private static byte[] Load()
    {
        using var resource = typeof(DefinitionSchema).Assembly.GetManifestResourceStream("definition.schema.json")
            ?? throw new InvalidOperationException("The assembly was built without docs/definition.schema.json.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
