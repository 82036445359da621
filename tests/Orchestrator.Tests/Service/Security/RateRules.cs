using Orchestrator.Service.Security;

namespace Orchestrator.Tests.Service.Security;

/// <summary>The rate that is configured is the rate that is given.</summary>
public sealed class RateRules
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(19)]
    [InlineData(25)]
    [InlineData(999)]
    [InlineData(1_000_000)]
    public void As_many_requests_flow_in_a_second_as_are_configured(int rate)
    {
        var bucket = RateLimits.Bucket(rate);

        bucket.TokenLimit.Should().Be(rate, "a burst of one second's worth is fine");
        (bucket.TokensPerPeriod / bucket.ReplenishmentPeriod.TotalSeconds).Should().BeApproximately(rate, rate * 1e-5);
    }
}
