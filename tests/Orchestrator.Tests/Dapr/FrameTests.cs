using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Orchestrator.Dapr;
using Orchestrator.Dapr.Framing;
using Orchestrator.Dapr.Wire;

namespace Orchestrator.Tests.Dapr;

public sealed class FrameTests
{
    private const int Limit = 64 * 1024;
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void Messages_come_out_as_they_went_in_however_the_bytes_are_split() =>
        Check.One(Runs, Prop.ForAll(Arb.From(Sizes()), Arb.From(Pieces()), (sizes, pieces) =>
        {
            var messages = sizes.Select(Message).ToArray();
            var bytes = messages.SelectMany(message => FrameWriter.Write(message, Limit)).ToArray();

            Read(new FrameReader(Limit), bytes, pieces)
                .Should().Equal(messages.Select(message => message.ToByteString()));
        }));

    [Fact]
    public void A_stream_that_is_cut_anywhere_yields_only_whole_messages_and_says_that_it_was_cut() =>
        Check.One(
            Runs,
            Prop.ForAll(Arb.From(Sizes()), Arb.From(Pieces()), Arb.From(Gen.Choose(1, 1000)), (sizes, pieces, back) =>
        {
            var messages = sizes.Append(1000).Select(Message).ToArray();
            var bytes = messages.SelectMany(message => FrameWriter.Write(message, Limit)).ToArray()[..^back];
            var reader = new FrameReader(Limit);

            Read(reader, bytes, pieces).Should().Equal(messages[..^1].Select(message => message.ToByteString()));
            reader.Invoking(it => it.End())
                .Should().Throw<FramingException>().Where(failure => failure.Status == GrpcStatus.Unavailable);
        }));

    [Fact]
    public void Garbage_is_refused_or_waits_for_more_and_never_breaks_the_reader() =>
        Check.One(Runs, Prop.ForAll(Arb.From(Garbage()), Arb.From(Pieces()), (bytes, pieces) =>
        {
            try
            {
                Read(new FrameReader(Limit), bytes, pieces);
            }
            catch (FramingException failure)
            {
                failure.Status.Should().BeOneOf(GrpcStatus.Internal, GrpcStatus.ResourceExhausted);
            }
        }));

    [Fact]
    public void After_the_last_whole_message_the_end_is_no_error()
    {
        var reader = new FrameReader(Limit);

        Read(reader, FrameWriter.Write(Message(10), Limit), [3]).Should().ContainSingle();

        reader.Invoking(it => it.End()).Should().NotThrow();
    }

    [Fact]
    public void A_message_of_the_largest_size_is_read_and_one_byte_more_is_refused_before_it_came()
    {
        Read(new FrameReader(Limit), [0, 0, 1, 0, 0, .. new byte[Limit]], [999]).Single().Length.Should().Be(Limit);

        var reading = () => Read(new FrameReader(Limit), [0, 0, 1, 0, 1], [5]);

        reading.Should().Throw<FramingException>().WithMessage("*65537*65536*")
            .Where(failure => failure.Status == GrpcStatus.ResourceExhausted);
    }

    [Fact]
    public void A_message_that_is_too_large_is_dropped_however_its_bytes_are_split_when_somebody_hears_of_it() =>
        Check.One(Runs, Prop.ForAll(Arb.From(Sizes()), Arb.From(Pieces()), (sizes, pieces) =>
        {
            var messages = sizes.Append(Limit + 1).Append(10).Append(3 * Limit).Append(7).Select(Message).ToArray();
            var bytes = messages.SelectMany(message => FrameWriter.Write(message, int.MaxValue)).ToArray();
            var dropped = new List<long>();
            var reader = new FrameReader(Limit, (size, head) =>
            {
                head.Length.Should().Be(DaprLimits.HeadBytes);
                dropped.Add(size);
            });

            Read(reader, bytes, pieces).Should().Equal(messages
                .Where(message => message.CalculateSize() <= Limit).Select(message => message.ToByteString()));
            dropped.Should().Equal(messages
                .Select(message => (long)message.CalculateSize()).Where(size => size > Limit));
            reader.Invoking(it => it.End()).Should().NotThrow();
        }));

    [Fact]
    public void A_length_that_would_be_negative_is_too_large()
    {
        var reading = () => Read(new FrameReader(Limit), [0, 0xFF, 0xFF, 0xFF, 0xFF], [1]);

        reading.Should().Throw<FramingException>().Where(failure => failure.Status == GrpcStatus.ResourceExhausted);
    }

    [Theory]
    [InlineData(1, "*compressed*")]
    [InlineData(0x48, "*no gRPC*")]
    public void A_flag_other_than_zero_is_refused_at_once(byte flag, string says)
    {
        var reading = () => Read(new FrameReader(Limit), [flag], [1]);

        reading.Should()
            .Throw<FramingException>().WithMessage(says).Where(failure => failure.Status == GrpcStatus.Internal);
    }

    [Fact]
    public void A_message_that_is_too_large_is_not_sent()
    {
        var writing = () => FrameWriter.Write(Message(Limit + 1), Limit);

        writing.Should().Throw<FramingException>()
            .WithMessage("*StartRequest*").Where(failure => failure.Status == GrpcStatus.ResourceExhausted);
    }

    private static StartRequest Message(int size) => new() { InstanceId = new string('x', size) };

    private static Gen<int[]> Sizes() => Gen.ArrayOf(Gen.Choose(0, 40_000)).Resize(6);

    private static Gen<int[]> Pieces() => Gen.NonEmptyListOf(Gen.Choose(1, 20_000)).Select(list => list.ToArray());

    private static Gen<byte[]> Garbage() => Gen.ArrayOf(Gen.Frequency(
        (3, Gen.Constant((byte)0)), (1, Gen.Choose(0, 255).Select(value => (byte)value)))).Resize(200);

    private static List<ByteString> Read(FrameReader reader, byte[] allBytes, int[] pieces)
    {
        ReadOnlyMemory<byte> bytes = allBytes;
        var messages = new List<ByteString>();
        for (var i = 0; !bytes.IsEmpty; i++)
        {
            var space = reader.Space();
            space.IsEmpty.Should().BeFalse();
            var piece = bytes[..Math.Min(bytes.Length, Math.Min(space.Length, pieces[i % pieces.Length]))];
            piece.CopyTo(space);
            reader.Filled(piece.Length);
            bytes = bytes[piece.Length..];
            while (reader.TryRead(out var message)) messages.Add(ByteString.CopyFrom(message.Span));
        }

        return messages;
    }
}
