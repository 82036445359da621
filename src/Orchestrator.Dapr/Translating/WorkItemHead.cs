using Google.Protobuf;

namespace Orchestrator.Dapr.Translating;

/// <summary>Reads of an item of work what stands in its first bytes.</summary>
internal static class WorkItemHead
{
    // The turn is the first field of an item, and its instance the first field of a turn; both have a length.
    private const uint First = 1 << 3 | (uint)WireFormat.WireType.LengthDelimited;

    /// <summary>The instance a turn is for; null for anything else, and for what cannot be read.</summary>
    public static string? InstanceOf(ReadOnlyMemory<byte> head)
    {
        try
        {
            using var input = new CodedInputStream(head.ToArray());
            if (input.ReadTag() != First) return null;
            input.ReadLength();
            return input.ReadTag() == First ? input.ReadString() : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
