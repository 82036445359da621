using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Tests.Tidy;

/// <summary>The names others see: public types and members, and the properties of everything written as JSON.</summary>
internal static class PublicNames
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    /// <summary>The project's own assemblies beside the test's; Orchestrator.Dapr speaks Dapr's words.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "Orchestrator.*.dll")
            .Where(path => Path.GetFileNameWithoutExtension(path) is not ("Orchestrator.Dapr" or "Orchestrator.Tests"))
            .Select(AssemblyLoadContext.Default.LoadFromAssemblyPath),
    ];

    public static IEnumerable<string> OfMembers(Type type)
    {
        yield return type.Name;
        foreach (var member in type.GetMembers(Declared))
        {
            // Accessors, operators and what the compiler adds to a record are named by their properties.
            if (member is ConstructorInfo or MethodInfo { IsSpecialName: true } or Type) continue;
            yield return $"{type.Name}.{member.Name}";
        }
    }

    public static IEnumerable<string> OfJson(Assembly assembly) => assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(JsonSerializerContext)) && !type.IsAbstract)
        .SelectMany(type => OfJson((JsonSerializerContext)type.GetProperty("Default")!.GetValue(null)!));

    public static IEnumerable<string> OfJson(JsonSerializerContext context) => context.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.PropertyType.IsSubclassOf(typeof(JsonTypeInfo)))
        .Select(property => (JsonTypeInfo)property.GetValue(context)!)
        .SelectMany(info => info.Properties)
        .Select(property => property.Name);
}
