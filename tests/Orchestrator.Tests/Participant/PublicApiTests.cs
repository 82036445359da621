using System.Reflection;
using Orchestrator.Participant;

namespace Orchestrator.Tests.Participant;

/// <summary>
/// The public surface of the library as a text: whoever changes it changes the text with it, and a reviewer sees both.
/// The new text is in the failure's message.
/// </summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_one_that_was_agreed_on()
    {
        using var stream = typeof(PublicApiTests).Assembly.GetManifestResourceStream("PublicApi.Participant.txt")!;
        using var reader = new StreamReader(stream);
        var agreed = reader.ReadToEnd().TrimEnd().ReplaceLineEndings("\n");

        var actual = string.Join('\n', typeof(SagaLedger).Assembly.GetExportedTypes()
            .OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Describe));

        (actual == agreed).Should().BeTrue("PublicApi.Participant.txt should read:\n{0}\n", actual);
    }

    private static IEnumerable<string> Describe(Type type)
    {
        yield return Name(type);
        const BindingFlags declared =
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var members = type.GetMembers(declared).Where(member =>
            member is not MethodInfo { IsSpecialName: true } || member.Name == "op_Implicit");
        foreach (var line in members.Select(Describe).Order(StringComparer.Ordinal)) yield return "  " + line;
    }

    private static string Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name} {{ {Access(property)} }}",
        FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
        _ => member.ToString()!,
    };

    private static string Access(PropertyInfo property) =>
        property.SetMethod is { IsPublic: true } ? "get; set;" : "get;";

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}"));

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Name(underlying) + "?";
        if (!type.IsGenericType) return type.Name;
        var arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return $"{type.Name.Split('`')[0]}<{arguments}>";
    }
}
