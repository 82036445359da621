using System.Buffers;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;

namespace Orchestrator.Tests.Engine;

/// <summary>
/// Histories outlive versions: every field of every event is stored, and under the name it has always had.
/// </summary>
public sealed class StoredHistoryTests
{
    public static TheoryData<string> Types { get; } =
        [.. typeof(SagaEvent).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(SagaEvent)) && !type.IsAbstract)
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_field_of_an_event_is_stored_and_read_back(string type)
    {
        var full = Full(type);

        var read = SagaEventJson.Read(Write(full)).Should().ContainSingle().Subject;

        read.Should().BeEquivalentTo(full, options => options.RespectingRuntimeTypes());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void What_was_stored_once_is_read_for_ever(string type)
    {
        var stored = Stored().Single(line => line.StartsWith($"{type} ", StringComparison.Ordinal))[(type.Length + 1)..];

        Encoding.UTF8.GetString(Write(Full(type)))
            .Should().Be(stored, "a name once used is never given another meaning");
        SagaEventJson.Read(Encoding.UTF8.GetBytes(stored)).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(Full(type), options => options.RespectingRuntimeTypes());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_history_that_was_cut_anywhere_is_refused(string type)
    {
        var whole = Write(Full(type));

        for (var length = 0; length < whole.Length; length++)
        {
            var reading = () => SagaEventJson.Read(whole.AsMemory(0, length));
            reading.Should().Throw<FormatException>($"only {length} bytes of {whole.Length} are there");
        }
    }

    /// <summary>A line for each type of event: its name, and its JSON with every field it can have.</summary>
    private static string[] Stored()
    {
        using var file = typeof(StoredHistoryTests).Assembly.GetManifestResourceStream("StoredHistory.txt")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static byte[] Write(SagaEvent e)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = SagaEventJson.CreateWriter(bytes);
        SagaEventJson.Write(writer, [e]);
        return bytes.WrittenSpan.ToArray();
    }

    private static SagaEvent Full(string type) => (SagaEvent)Filled(
        typeof(SagaEvent).Assembly.GetTypes().Single(known => known.Name == type));

    /// <summary>A value with something other than its default in every property.</summary>
    private static object Filled(Type type)
    {
        var value = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.SetMethod is not null)
                property.SetValue(value, Something(property));
        return value;
    }

    private static object Something(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(string)) return $"the {property.Name}";
        if (type == typeof(int)) return property.Name.Length;
        if (type == typeof(double)) return 1.5;
        if (type == typeof(bool)) return true;
        if (type == typeof(TimeSpan)) return TimeSpan.FromMilliseconds(100 + property.Name.Length);
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 1, 31, 12, 0, property.Name.Length, 7, TimeSpan.Zero);
        if (type == typeof(JsonData)) return JsonData.FromText($$"""{"{{property.Name}}":[1.50,null]}""");
        if (type.IsEnum) return Enum.GetValues(type).GetValue(1)!;
        if (type == typeof(ImmutableSortedDictionary<string, string>))
            return ImmutableSortedDictionary<string, string>.Empty.Add("customer", "alice").Add("region", "eu");
        return type == typeof(Answer) || type == typeof(CallTally) || type == typeof(RetryOverride)
            ? Filled(type)
            : throw new InvalidOperationException($"Nothing is known to put into {property.Name}.");
    }
}
