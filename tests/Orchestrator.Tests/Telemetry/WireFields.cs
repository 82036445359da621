using System.Text;
using Google.Protobuf;

namespace Orchestrator.Tests.Telemetry;

/// <summary>A message of protocol buffers read without its description: fields by number, in order.</summary>
internal sealed class WireFields
{
    private readonly List<(int Number, object Value)> fields = [];

    private WireFields(byte[] message)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag && tag != 0)
        {
            object value = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => input.ReadFixed64(),
                WireFormat.WireType.Fixed32 => input.ReadFixed32(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes().ToByteArray(),
                var other => throw new InvalidDataException($"Wire type {other}."),
            };
            fields.Add((WireFormat.GetTagFieldNumber(tag), value));
        }
    }

    public static WireFields Read(byte[] message) => new(message);

    /// <summary>Every message in a field.</summary>
    public IEnumerable<WireFields> Messages(int number) => Bytes(number).Select(Read);

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).FirstOrDefault() ?? []);

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number).FirstOrDefault() ?? []);

    public ulong Number(int number) => fields
        .Where(field => field.Number == number && field.Value is ulong)
        .Select(field => (ulong)field.Value)
        .FirstOrDefault();

    public bool Has(int number) => fields.Any(field => field.Number == number);

    /// <summary>The attributes in a field, each value as text.</summary>
    public IReadOnlyDictionary<string, string> Attributes(int number) => Messages(number)
        .GroupBy(pair => pair.Text(1))
        .ToDictionary(group => group.Key, group => ValueOf(group.Last().Messages(2).Single()));

    private static string ValueOf(WireFields value) => value.Has(1)
        ? value.Text(1)
        : value.Has(2) ? (value.Number(2) == 1 ? "true" : "false") : $"{(long)value.Number(3)}";

    private IEnumerable<byte[]> Bytes(int number) =>
        fields.Where(field => field.Number == number && field.Value is byte[]).Select(field => (byte[])field.Value);
}
