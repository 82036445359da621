using Orchestrator.SystemTests.Brokers;
using Orchestrator.SystemTests.Harness;
using Shop;

namespace Orchestrator.SystemTests.Dapr;

public sealed class StoryTests
{
    [Fact]
    public async Task The_whole_story_of_the_shop_is_the_same_on_Dapr_by_app_ids_and_over_a_broker()
    {
        var ports = ShopPorts.Free();
        await using var sidecar = await SidecarWithBroker.StartAsync(ports);
        var (grpc, http) = ($"{sidecar.Ports.Grpc}", $"{sidecar.Ports.Http}");

        var (code, words) = await Programs.RunShopAsync(
            TimeSpan.FromMinutes(4),
            "story", "--engine", "dapr", "--dapr-grpc-port", grpc, "--dapr-http-port", http,
            "--ports", string.Join(',', ShopPorts.Programs.Select(program => ports[program])),
            "--sidecars", string.Join(',', ShopPorts.Services.Select(_ => http)));

        code.Should().Be(0, words);
        words.Should().Contain("The sagas run on Dapr Workflow").And.Contain("goes over the broker")
            .And.MatchRegex(@"All \d\d checks are right").And.NotContain("WRONG");
        var delivered = sidecar.Topics.Delivered.Select(each => (each.Topic, each.Type)).ToHashSet();
        foreach (var service in (string[])[ShopPorts.Order, ShopPorts.Inventory, ShopPorts.Payment])
            delivered.Should().Contain(($"saga.{service}", "saga.step.do"));
        delivered.Should().Contain(("saga.replies", "saga.step.replied"));
    }

    [Theory]
    [InlineData("story", "--engine", "dapr", "--dapr-grpc-port", "many")]
    [InlineData("story", "--engine", "other")]
    [InlineData("story", "--dapr-http-port", "3500")]
    [InlineData("story", "--sidecars", "1,2,3,4")]
    [InlineData("story", "--engine", "dapr", "--dapr-grpc-port", "1", "--dapr-http-port", "2", "--sidecars", "1,2")]
    [InlineData("story", "--engine", "dapr", "--dapr-grpc-port", "1", "--dapr-http-port", "2", "--sidecars", "1,2,3,4")]
    public async Task A_sidecar_that_is_named_wrongly_is_answered_with_a_sentence(params string[] arguments)
    {
        var (code, words) = await Programs.RunShopAsync(OpenShop.Patience, arguments);

        code.Should().Be(2);
        words.Should().Contain("--").And.NotContain("   at ");
    }
}
