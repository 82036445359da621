using System.Net.Http.Headers;
using Orchestrator.SystemTests.Harness;
using Shop;
using Shop.Story;

namespace Orchestrator.SystemTests;

/// <summary>
/// Messages sent straight to a participant, as a network may deliver them: late, twice, mangled, all at once.
/// </summary>
[Collection(SharedShop.Name)]
public sealed class MessageTests(SharedShop shared)
{
    private const string Step = "reserve-stock";
    private const int Races = 50;

    private static readonly object Data = new { orderId = "m-1", sku = "A1", quantity = 1 };

    private OpenShop Shop => shared.Shop;

    [Fact]
    public async Task A_late_do_after_the_undo_is_barred()
    {
        using var messages = Messages(TimeSpan.FromMinutes(1), out var saga);

        (await messages.SendAsync("undo", Step, null, default)).Should().Be("200");
        (await messages.SendAsync("do", Step, Data, default)).Should().Be("410 barred");

        (await EffectsAsync(saga)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_do_after_its_expiry_does_nothing()
    {
        using var messages = Messages(TimeSpan.FromSeconds(-1), out var saga);

        (await messages.SendAsync("do", Step, Data, default)).Should().Be("410 expired");

        (await EffectsAsync(saga)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_do_that_comes_twenty_times_at_once_is_done_once()
    {
        using var messages = Messages(TimeSpan.FromMinutes(1), out var saga);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => messages.SendAsync("do", Step, Data, default)));
        await messages.SendAsync("undo", Step, null, default);

        answers.Should().OnlyContain(answer => answer == "200");
        (await EffectsAsync(saga)).Should().Equal("done", "undone");
    }

    [Fact]
    public async Task The_same_key_with_other_data_is_told_apart()
    {
        using var messages = Messages(TimeSpan.FromMinutes(1), out _);
        await messages.SendAsync("do", Step, Data, default);

        var answer = await messages.SendAsync("do", Step, new { orderId = "m-1", sku = "A1", quantity = 2 }, default);
        await messages.SendAsync("undo", Step, null, default);

        answer.Should().Be("409 key-reused");
    }

    [Fact]
    public async Task A_do_and_its_undo_at_once_leave_nothing_behind()
    {
        var before = await Shop.Client.StockAsync("A1", default);
        for (var race = 0; race < Races; race++)
        {
            using var messages = Messages(TimeSpan.FromMinutes(1), out var saga);

            var answers = await Task.WhenAll(
                messages.SendAsync("do", Step, Data, default), messages.SendAsync("undo", Step, null, default));

            answers[0].Should().BeOneOf("200", "410 barred", "410 undone");
            answers[1].Should().Be("200");
            string.Join(',', await EffectsAsync(saga)).Should().BeOneOf("", "done,undone");
        }

        (await Shop.Client.StockAsync("A1", default)).Should().Be(before);
    }

    [Fact]
    public async Task A_confirm_at_the_expiry_is_either_confirmed_or_undone_never_both_and_never_neither()
    {
        var before = await Shop.Client.StockAsync("A1", default);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Races).Select(RaceWithTheExpiryAsync));

        outcomes.Should().OnlyContain(outcome => outcome == "200 done,confirmed" || outcome == "410 expired done,undone");
        var kept = outcomes.Count(outcome => outcome.StartsWith("200", StringComparison.Ordinal));
        (await Shop.Client.StockAsync("A1", default)).Should().Be(before - kept);
    }

    [Theory]
    [InlineData("ce-type")]
    [InlineData("ce-id")]
    [InlineData("ce-source")]
    [InlineData("ce-time")]
    [InlineData("ce-sagaid")]
    [InlineData("ce-sagastep")]
    [InlineData("ce-expirytime")]
    public async Task A_command_without_an_attribute_is_refused_by_its_name(string header)
    {
        var (status, body) = await SendRawAsync("{}", headers => headers.Remove(header));

        status.Should().Be(400);
        body.Should().Contain(header["ce-".Length..]).And.NotContain("   at ");
    }

    [Theory]
    [InlineData("not json", 400, 422)]
    [InlineData("", 400, 422)]
    [InlineData("[1,2,3]", 400, 422)]
    [InlineData("{\"orderId\":\"x\",\"sku\":\"A1\",\"quantity\":\"many\"}", 400, 422)]
    [InlineData("{\"orderId\":\"x\"}", 400, 422)]
    public async Task A_body_that_cannot_be_read_is_refused_and_changes_nothing(string body, int from, int to)
    {
        var saga = "";
        var (status, text) = await SendRawAsync(body, headers => saga = headers.GetValues("ce-sagaid").Single());

        status.Should().BeInRange(from, to);
        text.Should().NotContain("   at ");
        (await EffectsAsync(saga)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var (status, _) = await SendRawAsync($"\"{new string('x', 1100 * 1024)}\"", _ => { });

        status.Should().Be(413);
    }

    private async Task<string> RaceWithTheExpiryAsync(int race)
    {
        // Long enough for fifty of them to be held in time on a busy machine.
        var expiresAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(5);
        using var messages = MessagesUntil(expiresAt, out var saga);
        (await messages.SendAsync("do", Step, Data, default)).Should().Be("200");
        // From a little before the expiry to a little after it.
        await Pause.UntilAsync(expiresAt + TimeSpan.FromMilliseconds((race * 10) - 300));
        var answer = await messages.SendAsync("confirm", Step, null, default);
        return $"{answer} {string.Join(',', await EffectsAsync(saga))}";
    }

    private LateMessages Messages(TimeSpan expiresIn, out string saga) =>
        MessagesUntil(TimeProvider.System.GetUtcNow() + expiresIn, out saga);

    private LateMessages MessagesUntil(DateTimeOffset expiresAt, out string saga)
    {
        saga = $"m-{Guid.NewGuid():N}";
        return new LateMessages(Shop.Cluster.AddressOf(ShopPorts.Inventory), saga, expiresAt);
    }

    private async Task<List<string>> EffectsAsync(string saga) =>
        [.. (await Shop.Client.EffectsAsync(ShopPorts.Inventory, saga, default)).Select(effect => effect.Name)];

    private async Task<(int Status, string Body)> SendRawAsync(string body, Action<HttpRequestHeaders> change)
    {
        var saga = $"m-{Guid.NewGuid():N}";
        var now = TimeProvider.System.GetUtcNow();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(Shop.Cluster.AddressOf(ShopPorts.Inventory), $"/saga/{Step}/do"));
        request.Headers.Add("ce-specversion", "1.0");
        request.Headers.Add("ce-type", "saga.step.do");
        request.Headers.Add("ce-id", $"{saga}/{Step}/do");
        request.Headers.Add("ce-source", "/sagas/place-order");
        request.Headers.Add("ce-time", $"{now:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}");
        request.Headers.Add("ce-sagaid", saga);
        request.Headers.Add("ce-sagastep", Step);
        request.Headers.Add("ce-expirytime", $"{now.AddMinutes(1):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}");
        change(request.Headers);
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
