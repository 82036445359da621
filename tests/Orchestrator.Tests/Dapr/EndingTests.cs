using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Dapr.Framing;

namespace Orchestrator.Tests.Dapr;

public sealed class EndingTests
{
    [Fact]
    public void A_status_and_its_text_are_read() =>
        Read(("grpc-status", "6"), ("grpc-message", "an active workflow with ID '1%2F2' already exists%21"))
            .Should().Be(new GrpcEnding(GrpcStatus.AlreadyExists, "an active workflow with ID '1/2' already exists!"));

    [Fact]
    public void Without_a_status_there_is_no_ending() => Read(("grpc-message", "x")).Should().BeNull();

    [Fact]
    public void A_status_that_is_no_number_is_an_unknown_error() =>
        Read(("grpc-status", "-0x")).Should().Be(new GrpcEnding(GrpcStatus.Unknown, "The status \"-0x\" is no number."));

    [Fact]
    public void A_status_of_a_newer_gRPC_is_kept() => Read(("grpc-status", "42"))!.Value.Status.Should().Be((GrpcStatus)42);

    [Theory]
    [InlineData("%", "%")]
    [InlineData("100%", "100%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%c3%A4", "ä")]
    [InlineData("%ff", "\uFFFD")]
    [InlineData("ä€😀", "ä€😀")]
    [InlineData("", "")]
    public void A_text_that_is_not_encoded_well_is_read_as_far_as_it_goes(string text, string expected) =>
        PercentText.Decode(text).Should().Be(expected);

    [Fact]
    public void A_text_that_floods_is_cut() =>
        PercentText.Decode(new string('x', 1_000_000)).Length.Should().BeLessThan(3000);

    [Fact]
    public void Any_text_is_the_same_after_encoding_and_decoding() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            var clean = new string([.. text.Get.Where(c => !char.IsSurrogate(c))]);
            var encoded = PercentText.Encode(clean);
            encoded.Should().MatchRegex("^[ -~]*$");
            PercentText.Decode(encoded).Should().Be(clean);
        }));

    [Theory]
    [InlineData(503, GrpcStatus.Unavailable)]
    [InlineData(404, GrpcStatus.Unimplemented)]
    [InlineData(401, GrpcStatus.Unauthenticated)]
    [InlineData(500, GrpcStatus.Unknown)]
    internal void An_HTTP_status_stands_for_a_status_of_gRPC(int http, GrpcStatus expected) =>
        GrpcEnding.OfHttp(http).Status.Should().Be(expected);

    [Theory]
    [InlineData(0.0000001, "1u")]
    [InlineData(0.25, "250000u")]
    [InlineData(10, "10000000u")]
    [InlineData(100, "100000m")]
    [InlineData(1_000_000, "1000000S")]
    [InlineData(86400 * 20000.0, "28800000M")]
    public void A_timeout_is_written_in_the_finest_unit_of_eight_digits(double seconds, string expected)
    {
        var timeout = TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));

        GrpcTimeout.Write(timeout).Should().Be(expected);

        GrpcTimeout.Read(expected)!.Value.Should().BeCloseTo(timeout, TimeSpan.FromMicroseconds(1));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5x")]
    [InlineData("-5S")]
    [InlineData("123456789S")]
    public void A_timeout_that_cannot_be_read_is_none(string? text) => GrpcTimeout.Read(text).Should().BeNull();

    private static GrpcEnding? Read(params (string Name, string Value)[] headers) =>
        GrpcEnding.Read(
            name => headers.Where(header => header.Name == name).Select(header => header.Value).FirstOrDefault());
}
