using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orchestrator.Tests.Tidy;

/// <summary>
/// What reflection tells of a type that should be pure: no waiting, no clock, no I/O, nothing that changes unseen.
/// </summary>
internal static class Purity
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] Impure =
    [
        typeof(Task), typeof(Task<>), typeof(ValueTask), typeof(ValueTask<>), typeof(IAsyncEnumerable<>),
        typeof(IAsyncEnumerator<>), typeof(CancellationToken), typeof(CancellationTokenSource), typeof(TimeProvider),
        typeof(ITimer), typeof(Timer), typeof(Random), typeof(Thread), typeof(SemaphoreSlim),
    ];

    private static readonly string[] ImpureNamespaces = ["System.IO", "System.Net", "System.Data", "Microsoft.Extensions"];

    public static IEnumerable<string> Check(Type type)
    {
        if (typeof(IAsyncStateMachine).IsAssignableFrom(type)) yield return $"{type} is an async method.";
        foreach (var (name, used) in Uses(type))
            if (Parts(used).FirstOrDefault(IsImpure) is { } impure)
                yield return $"{name} uses {impure}.";
        if (IsGenerated(type)) yield break;
        foreach (var field in type.GetFields(Everything))
            if (field is { IsStatic: true, IsInitOnly: false, IsLiteral: false } && !IsGenerated(field))
                yield return $"{type}.{field.Name} is static and can change.";
    }

    private static IEnumerable<(string Name, Type Used)> Uses(Type type)
    {
        if (type.BaseType is { } parent) yield return ($"{type}", parent);
        foreach (var field in type.GetFields(Everything)) yield return ($"{type}.{field.Name}", field.FieldType);
        foreach (var method in type.GetMethods(Everything)) yield return ($"{type}.{method.Name}", method.ReturnType);
        foreach (var method in type.GetMethods(Everything).Concat<MethodBase>(type.GetConstructors(Everything)))
        {
            foreach (var parameter in method.GetParameters()) yield return ($"{type}.{method.Name}", parameter.ParameterType);
            foreach (var local in method.GetMethodBody()?.LocalVariables ?? [])
                yield return ($"{type}.{method.Name}", local.LocalType);
        }
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType) return Parts(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Prepend(type) : [type];
    }

    private static bool IsImpure(Type type) =>
        Impure.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type)
        || ImpureNamespaces.Any(
            root => type.Namespace == root || type.Namespace?.StartsWith(root + ".", StringComparison.Ordinal) == true);

    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<', StringComparison.Ordinal)
        || member.IsDefined(typeof(CompilerGeneratedAttribute))
        || member.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute))
        || (member.DeclaringType is { } outer && IsGenerated(outer));
}
