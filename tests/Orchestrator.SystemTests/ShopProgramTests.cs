using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Running;

namespace Orchestrator.SystemTests;

public sealed partial class ShopProgramTests
{
    [Fact]
    public async Task One_command_opens_the_shop_and_its_end_ends_all_five()
    {
        using var folder = new TempFolder();
        var words = new ConcurrentQueue<string>();
        await using var shop = Open(folder.Path, words);
        var text = await UntilOpenAsync(shop, words);
        var processes = Processes(text);

        processes.Should().HaveCount(5).And.OnlyContain(id => Programs.IsAlive(id));
        text.Should().Contain("?deadline=20s").And.Contain("Prefer: wait=25")
            .And.MatchRegex(@"kill -9 \d+ now and watch /stock/SCARCE at \d\d:\d\d:\d\d");
        (await shop.StopAsync(TimeSpan.FromSeconds(20))).Should().BeTrue();
        (await shop.Ended).Should().Be(0);
        processes.Should().NotContain(id => Programs.IsAlive(id));
    }

    [Fact]
    public async Task Even_when_it_is_killed_no_process_is_left_behind()
    {
        using var folder = new TempFolder();
        var words = new ConcurrentQueue<string>();
        await using var shop = Open(folder.Path, words);
        var processes = Processes(await UntilOpenAsync(shop, words));

        await shop.KillAsync();

        await Eventually.BecomesAsync(
            0, OpenShop.Patience, () => Task.FromResult(processes.Count(id => Programs.IsAlive(id))));
    }

    [Fact]
    public async Task An_orchestrator_that_asks_the_shop_for_a_token_is_told_of_in_a_sentence()
    {
        using var folder = new TempFolder();
        var words = new ConcurrentQueue<string>();
        await using var shop = ChildProcess.Start(
            "shop", ShopPlaces.ShopProgram, ["--data", folder.Path, "--ports", "0,0,0,0,0"], words.Enqueue,
            new Dictionary<string, string>
            {
                ["Orchestrator__Security__Keys__ann__Hash"] = new('a', 64),
                ["Orchestrator__Security__Keys__ann__Grants"] = "admin",
            });

        (await shop.Ended.WaitAsync(OpenShop.Patience, TimeProvider.System)).Should().NotBe(0);

        string.Join('\n', words).Should().Contain("asks for tokens").And.NotContain("   at ");
    }

    [Fact]
    public async Task A_taken_port_is_named_in_a_sentence()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var all = await Programs.RunShopAsync("--ports", $"0,0,{port},0,0");
        var one = await Programs.RunShopAsync("serve", "inventory", "--urls", $"http://127.0.0.1:{port}");

        all.Code.Should().NotBe(0);
        all.Words.Should().Contain($"{port}").And.Contain("inventory").And.NotContain("   at ");
        one.Code.Should().NotBe(0);
        one.Words.Should().Contain($"{port}").And.Contain("taken").And.NotContain("   at ");
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("serve", "nobody")]
    [InlineData("--ports", "1,2")]
    [InlineData("--order-port", "many")]
    [InlineData("--unknown")]
    public async Task A_wrong_command_line_is_answered_with_a_sentence(params string[] arguments)
    {
        var (code, words) = await Programs.RunShopAsync(arguments);

        code.Should().Be(2);
        words.Should().NotContain("   at ").And.NotBeEmpty();
    }

    private static ChildProcess Open(string data, ConcurrentQueue<string> words) => ChildProcess.Start(
        "shop", ShopPlaces.ShopProgram, ["--ports", "0,0,0,0,0", "--data", data], words.Enqueue);

    private static async Task<string> UntilOpenAsync(ChildProcess shop, ConcurrentQueue<string> words)
    {
        await Eventually.BecomesAsync(true, TimeSpan.FromSeconds(60), () =>
            Task.FromResult(
                shop.Ended.IsCompleted
                    || words.Any(line => line.StartsWith("Ctrl-C stops", StringComparison.Ordinal))));
        shop.Ended.IsCompleted.Should().BeFalse(string.Join('\n', words));
        return string.Join('\n', words);
    }

    private static List<int> Processes(string text) =>
        [.. ProcessId().Matches(text).Select(match => int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"http://\S+  process (?<id>\d+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ProcessId();
}
