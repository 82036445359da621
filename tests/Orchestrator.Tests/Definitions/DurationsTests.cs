using FsCheck;
using FsCheck.Fluent;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Tests.Definitions;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("10m", 600_000)]
    [InlineData("2s", 2000)]
    [InlineData("200ms", 200)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1d2h3m4s5ms", 93_784_005)]
    [InlineData("90m", 5_400_000)]
    [InlineData("365d", 31_536_000_000)]
    [InlineData("PT10M", 600_000)]
    [InlineData("P1DT12H", 129_600_000)]
    [InlineData("PT0.2S", 200)]
    [InlineData("PT1,005S", 1005)]
    [InlineData("P2D", 172_800_000)]
    [InlineData("PT1H30M5S", 5_405_000)]
    public void A_duration_is_read(string text, long milliseconds)
    {
        Durations.TryRead(text, out var duration).Should().BeTrue();
        duration.TotalMilliseconds.Should().Be(milliseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("PT0S")]
    [InlineData("10")]
    [InlineData("m")]
    [InlineData("-1s")]
    [InlineData("+1s")]
    [InlineData("1 s")]
    [InlineData(" 1s")]
    [InlineData("1s ")]
    [InlineData("1S")]
    [InlineData("1M")]
    [InlineData("1y")]
    [InlineData("1w")]
    [InlineData("1.5h")]
    [InlineData("1m1h")]
    [InlineData("1s1s")]
    [InlineData("366d")]
    [InlineData("365d1ms")]
    [InlineData("99999999999d")]
    [InlineData("99999999999999999999d")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("P1W")]
    [InlineData("PT1D")]
    [InlineData("PT1.5M")]
    [InlineData("PT0.0001S")]
    [InlineData("PT1M1H")]
    [InlineData("PTT1S")]
    [InlineData("PT.5S")]
    [InlineData("PT1.S")]
    [InlineData("PT1")]
    [InlineData("pt1s")]
    [InlineData("١s")]
    public void What_is_no_duration_is_refused(string? text) => Durations.TryRead(text, out _).Should().BeFalse();

    [Fact]
    public void Every_duration_written_is_read_again() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, int.MaxValue)), milliseconds =>
        {
            var duration = TimeSpan.FromMilliseconds(milliseconds);
            Durations.TryRead(Durations.Write(duration), out var read).Should().BeTrue();
            read.Should().Be(duration);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Any_text_is_read_or_refused_without_an_exception() =>
        Prop.ForAll(
            Arb.From(Gen.ArrayOf(Gen.Elements(
                "P", "T", "1", "99999999999", ".", "s", "m", "ms", "h", "d", "D", "H", "M", "S", "-"))),
            parts =>
        {
            if (Durations.TryRead(string.Concat(parts), out var read))
                Durations.TryRead(Durations.Write(read), out _).Should().BeTrue();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(5_405_250, "1h30m5s250ms")]
    [InlineData(86_400_000, "1d")]
    public void A_duration_is_written_in_the_short_form(long milliseconds, string expected) =>
        Durations.Write(TimeSpan.FromMilliseconds(milliseconds)).Should().Be(expected);

    [Fact]
    public void A_negative_duration_is_not_written() =>
        FluentActions.Invoking(() => Durations.Write(TimeSpan.FromSeconds(-1)))
            .Should().Throw<ArgumentOutOfRangeException>();
}
