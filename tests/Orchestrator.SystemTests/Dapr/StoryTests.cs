using System.Globalization;
using Orchestrator.SystemTests.Harness;

namespace Orchestrator.SystemTests.Dapr;

public sealed class StoryTests
{
    [Fact]
    public async Task The_whole_story_of_the_shop_is_the_same_on_Dapr()
    {
        using var folder = new TempFolder();
        await using var sidecar = new StandInProcess(folder.Path, new Dictionary<string, Uri>(), _ => { });
        await sidecar.StartAsync();

        var (code, words) = await Programs.RunShopAsync(
            TimeSpan.FromMinutes(4),
            "story", "--engine", "dapr",
            "--dapr-grpc-port", sidecar.Ports.Grpc.ToString(CultureInfo.InvariantCulture),
            "--dapr-http-port", sidecar.Ports.Http.ToString(CultureInfo.InvariantCulture));

        code.Should().Be(0, words);
        words.Should().Contain("The sagas run on Dapr Workflow").And.MatchRegex(@"All \d\d checks are right")
            .And.NotContain("WRONG");
    }

    [Theory]
    [InlineData("story", "--engine", "dapr", "--dapr-grpc-port", "many")]
    [InlineData("story", "--engine", "other")]
    [InlineData("story", "--dapr-http-port", "3500")]
    public async Task A_sidecar_that_is_named_wrongly_is_answered_with_a_sentence(params string[] arguments)
    {
        var (code, words) = await Programs.RunShopAsync(OpenShop.Patience, arguments);

        code.Should().Be(2);
        words.Should().Contain("--").And.NotContain("   at ");
    }
}
