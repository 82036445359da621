using System.Buffers.Binary;

namespace Orchestrator.Dapr.Framing;

/// <summary>
/// gRPC frames to messages, whatever the pieces in which the bytes come: read into <see cref="Space" />, say how much
/// came with <see cref="Filled" />, take messages with <see cref="TryRead" /> until there is none, and call
/// <see cref="End" /> after the last byte. Not thread-safe.
/// </summary>
internal sealed class FrameReader(int maxMessageBytes)
{
    private byte[] buffer = new byte[DaprLimits.ReadBytes];
    private int start;
    private int end;

    /// <summary>Where the next bytes go; never empty. Ends the life of the last message taken.</summary>
    public Memory<byte> Space()
    {
        if (start == end) start = end = 0;
        if (end == buffer.Length) MakeRoom();
        return buffer.AsMemory(end);
    }

    /// <summary>Says that <paramref name="count" /> bytes were put at the beginning of <see cref="Space" />.</summary>
    public void Filled(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, buffer.Length - end);
        end += count;
    }

    /// <summary>
    /// The next whole message, valid until the next call of <see cref="Space" />; false when more bytes are needed.
    /// Throws <see cref="FramingException" /> for what is no frame or one that is too large; it cannot be read on from
    /// then.
    /// </summary>
    public bool TryRead(out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (end == start) return false;
        CheckFlag(buffer[start]);
        if (end - start < FrameWriter.HeaderBytes) return false;
        var length = Length();
        if (end - start - FrameWriter.HeaderBytes < length) return false;
        message = buffer.AsMemory(start + FrameWriter.HeaderBytes, length);
        start += FrameWriter.HeaderBytes + length;
        return true;
    }

    /// <summary>
    /// No more bytes come. Throws <see cref="FramingException" /> (unavailable) when a message was cut off.
    /// </summary>
    public void End()
    {
        if (end > start)
            throw new FramingException(
                GrpcStatus.Unavailable, $"The answer was cut off in a message, of which {end - start} B had come.");
    }

    private static void CheckFlag(byte flag)
    {
        if (flag == 1)
            throw new FramingException(GrpcStatus.Internal, "A message came compressed, which was not asked for.");
        if (flag != 0)
            throw new FramingException(
                GrpcStatus.Internal, $"These bytes are no gRPC: a message begins with {flag} instead of 0.");
    }

    private int Length()
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(start + 1));
        if (length <= maxMessageBytes) return (int)length;
        throw new FramingException(
            GrpcStatus.ResourceExhausted,
            $"A message of {length} bytes came; {maxMessageBytes} are allowed. Raise the sidecar's and this limit "
            + "together.");
    }

    /// <summary>
    /// Moves what is left to the front; grows only for a message that does not fit, and exactly to its size.
    /// </summary>
    private void MakeRoom()
    {
        var kept = end - start;
        var needed = kept < FrameWriter.HeaderBytes ? 0 : FrameWriter.HeaderBytes + Length();
        // A large message is over: its buffer goes, unless the next one needs it.
        var target = needed > buffer.Length ? new byte[needed] : buffer;
        buffer.AsSpan(start, kept).CopyTo(target);
        (buffer, start, end) = (target, 0, kept);
    }
}
