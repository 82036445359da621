using System.Buffers.Binary;
using Google.Protobuf;

namespace Orchestrator.Dapr.Framing;

/// <summary>
/// Messages to gRPC frames: a flag (0: not compressed), four bytes of length (big endian), the message.
/// </summary>
internal static class FrameWriter
{
    /// <summary>Bytes before the message.</summary>
    public const int HeaderBytes = 5;

    /// <summary>
    /// The frame of a message. Throws <see cref="FramingException" /> (resource exhausted) when the message has more
    /// than
    /// <paramref name="maxMessageBytes" /> bytes: the sidecar would refuse it anyway, without naming the message.
    /// </summary>
    public static byte[] Write(IMessage message, int maxMessageBytes)
    {
        var size = message.CalculateSize();
        if (size > maxMessageBytes)
        {
            throw new FramingException(
                GrpcStatus.ResourceExhausted,
                $"A {message.Descriptor.Name} of {size} bytes is larger than the {maxMessageBytes} that are allowed.");
        }

        var frame = new byte[HeaderBytes + size];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), size);
        message.WriteTo(frame.AsSpan(HeaderBytes));
        return frame;
    }
}
