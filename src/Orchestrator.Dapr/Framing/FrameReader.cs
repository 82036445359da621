using System.Buffers.Binary;

namespace Orchestrator.Dapr.Framing;

/// <summary>
/// gRPC frames to messages, whatever the pieces in which the bytes come: read into <see cref="Space" />, say how much
/// came with <see cref="Filled" />, take messages with <see cref="TryRead" /> until there is none, and call
/// <see cref="End" /> after the last byte. Not thread-safe.
/// </summary>
/// <param name="maxMessageBytes">What is larger is not held in memory.</param>
/// <param name="tooLarge">
/// Hears of a message that is too large, with its size and its first bytes, which are valid during the call; the rest
/// is dropped as it comes, and the next message is read. Null to throw instead.
/// </param>
internal sealed class FrameReader(int maxMessageBytes, Action<long, ReadOnlyMemory<byte>>? tooLarge = null)
{
    private byte[] buffer = new byte[DaprLimits.ReadBytes];
    private int start;
    private int end;
    private long toDrop;

    /// <summary>Where the next bytes go; never empty. Ends the life of the last message taken.</summary>
    public Memory<byte> Space()
    {
        if (start == end)
        {
            start = end = 0;
            // A stream that once had a large message need not keep its room for days.
            if (buffer.Length > DaprLimits.DefaultMaxMessageBytes) buffer = new byte[DaprLimits.ReadBytes];
        }

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
        while (true)
        {
            if (!TryDrop() || end == start) return false;
            CheckFlag(buffer[start]);
            if (end - start < FrameWriter.HeaderBytes) return false;
            if (IsTooLarge())
            {
                if (!TryTellTooLarge()) return false;
                continue;
            }

            var length = (int)Length();
            if (end - start - FrameWriter.HeaderBytes < length) return false;
            message = buffer.AsMemory(start + FrameWriter.HeaderBytes, length);
            start += FrameWriter.HeaderBytes + length;
            return true;
        }
    }

    /// <summary>
    /// No more bytes come. Throws <see cref="FramingException" /> (unavailable) when a message was cut off.
    /// </summary>
    public void End()
    {
        if (end > start || toDrop > 0)
            throw new FramingException(
                GrpcStatus.Unavailable, "The answer was cut off in the middle of a message.");
    }

    private static void CheckFlag(byte flag)
    {
        if (flag == 1)
            throw new FramingException(GrpcStatus.Internal, "A message came compressed, which was not asked for.");
        if (flag != 0)
            throw new FramingException(
                GrpcStatus.Internal, $"These bytes are no gRPC: a message begins with {flag} instead of 0.");
    }

    /// <summary>False when more of a message that is dropped is to come.</summary>
    private bool TryDrop()
    {
        var here = (int)Math.Min(toDrop, end - start);
        start += here;
        toDrop -= here;
        return toDrop == 0;
    }

    /// <summary>False when more of its beginning is to come.</summary>
    private bool TryTellTooLarge()
    {
        var length = Length();
        var head = (int)Math.Min(length, DaprLimits.HeadBytes);
        if (end - start - FrameWriter.HeaderBytes < head) return false;
        tooLarge!(length, buffer.AsMemory(start + FrameWriter.HeaderBytes, head));
        start += FrameWriter.HeaderBytes;
        toDrop = length;
        return true;
    }

    private bool IsTooLarge()
    {
        var length = Length();
        if (length <= maxMessageBytes) return false;
        if (tooLarge is not null) return true;
        throw new FramingException(
            GrpcStatus.ResourceExhausted, $"A message of {length} bytes came; {maxMessageBytes} are allowed.");
    }

    private long Length() => BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(start + 1));

    /// <summary>
    /// Moves what is left to the front; grows only for a message that does not fit, and exactly to its size.
    /// </summary>
    private void MakeRoom()
    {
        var kept = end - start;
        // Of a message that is dropped the first bytes fit.
        var needed = kept < FrameWriter.HeaderBytes || IsTooLarge() ? 0 : FrameWriter.HeaderBytes + (int)Length();
        // A large message is over: its buffer goes, unless the next one needs it.
        var target = needed > buffer.Length ? new byte[needed] : buffer;
        buffer.AsSpan(start, kept).CopyTo(target);
        (buffer, start, end) = (target, 0, kept);
    }
}
