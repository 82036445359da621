using Orchestrator.Contract;
using Orchestrator.Core.Deciding;

namespace Orchestrator.Tests.Tidy;

public sealed class PurityTests
{
    [Fact]
    public void Nothing_in_Core_waits_reads_a_clock_or_does_io() =>
        typeof(SagaDecider).Assembly.GetTypes().SelectMany(Purity.Check).Should().BeEmpty();

    [Fact]
    public void Nothing_in_Contract_waits_reads_a_clock_or_does_io() =>
        typeof(SagaCodes).Assembly.GetTypes().SelectMany(Purity.Check).Should().BeEmpty();

    [Theory]
    [InlineData(typeof(Waits))]
    [InlineData(typeof(WaitsInPrivate))]
    [InlineData(typeof(Streams))]
    [InlineData(typeof(HoldsAClock))]
    [InlineData(typeof(TakesAFile))]
    [InlineData(typeof(KeepsCount))]
    [InlineData(typeof(RollsDice))]
    public void A_type_that_is_not_pure_is_found(Type type) => Purity.Check(type).Should().NotBeEmpty();

    [Fact]
    public void A_type_that_is_pure_is_left_alone() => Purity.Check(typeof(Adds)).Should().BeEmpty();

    private sealed class Adds
    {
        public static readonly int One = 1;

        public static int Sum(IReadOnlyList<int> items) => items.Where(item => item > One).Sum();
    }

    private abstract class Waits
    {
        public abstract Func<ValueTask<int>> Later();
    }

    private abstract class WaitsInPrivate
    {
        private static Task Later() => Task.CompletedTask;
    }

    private abstract class Streams
    {
        protected abstract IAsyncEnumerable<int> All();
    }

    private sealed class HoldsAClock(TimeProvider clock)
    {
        public DateTimeOffset Now() => clock.GetUtcNow();
    }

    private abstract class TakesAFile
    {
        public abstract void Read(List<FileStream[]> files);
    }

    private static class KeepsCount
    {
        internal static int Calls = 1;
    }

    private static class RollsDice
    {
        public static double Roll()
        {
            var dice = Random.Shared;
            return dice.NextDouble() + dice.NextDouble();
        }
    }
}
