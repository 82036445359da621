using Orchestrator.Simulator;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Tests.Simulation;

public sealed class SimulatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(17)]
    public void Worlds_of_eight_seeds_keep_every_promise(int first)
    {
        for (var seed = (ulong)first; seed < (ulong)first + 8; seed++)
        {
            var report = RunWorld(seed);

            report.Wrongs.Should().BeEmpty($"SIM_SEED={seed} shows it");
            report.Sagas.Should().BePositive();
        }
    }

    [Fact]
    public void The_same_seed_is_the_same_world_to_the_byte()
    {
        var (first, second) = (new StringWriter(), new StringWriter());

        var one = RunWorld(12, first);
        var other = RunWorld(12, second);

        other.Hash.Should().Be(one.Hash);
        second.ToString().Should().Be(first.ToString());
    }

    [Fact]
    public void Another_seed_is_another_world() => RunWorld(13).Hash.Should().NotBe(RunWorld(14).Hash);

    [Fact]
    public void A_world_is_not_changed_by_who_reads_along() =>
        RunWorld(12, new StringWriter()).Hash.Should().Be(RunWorld(12).Hash);

    [Theory]
    [InlineData("--seeds", "5-4")]
    [InlineData("--seeds", "x")]
    [InlineData("--minutes", "-1")]
    [InlineData("--what", "1")]
    public void Wrong_arguments_are_refused(string name, string value) =>
        Options.Read([name, value], seed: null).Should().BeNull();

    [Fact]
    public void A_seed_in_the_environment_is_that_world_written_out() =>
        Options.Read([], seed: "7").Should().Be(new Options((7, 7), 0, Trace: true, ShowCoverage: false));

    /// <summary>On a thread without a context of the test runner's own.</summary>
    private static WorldReport RunWorld(ulong seed, TextWriter? trace = null)
    {
        using var world = new World(seed, trace);
        return world.Run();
    }
}
