using System.Net.Http.Headers;
using Orchestrator.Contract;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>What is wrong is named, and nothing is written.</summary>
public sealed class BadInputStories : IAsyncLifetime, IDisposable
{
    private const string Token = "a-token-of-some-length";

    private readonly SqliteDatabase database = new();
    private readonly ManualTime clock = new();
    private ParticipantHost host = null!;
    private Commands steps = null!;

    public async Task InitializeAsync()
    {
        host = await ParticipantHost.StartAsync(database, clock);
        steps = new Commands(host.Client, clock);
    }

    public async Task DisposeAsync() => await host.DisposeAsync();

    public void Dispose() => database.Dispose();

    [Theory]
    [InlineData("type")]
    [InlineData("id")]
    [InlineData("source")]
    [InlineData("time")]
    [InlineData("sagaid")]
    [InlineData("sagastep")]
    [InlineData("expirytime")]
    public async Task A_missing_attribute_is_named(string attribute)
    {
        var answer = await steps.DoAsync("s1", change: request => request.Headers.Remove("ce-" + attribute));

        ShouldName(answer, attribute);
        answer.Detail.Should().Contain("missing");
    }

    [Theory]
    [InlineData("specversion", "0.3")]
    [InlineData("type", "saga.step.undo")]
    [InlineData("time", "yesterday")]
    [InlineData("time", "2026-01-31 12:00:00")]
    [InlineData("expirytime", "2026-01-31T12:00:00")]
    [InlineData("sagaid", "a/b")]
    [InlineData("sagaid", "a b")]
    [InlineData("sagastep", "s%00")]
    [InlineData("sagakind", "optional")]
    [InlineData("sagaaction", "another")]
    [InlineData("sagaremaining", "soon")]
    [InlineData("sagaremaining", "1.5")]
    [InlineData("sagaremaining", "99999999999999999999")]
    [InlineData("sagaattempt", "0")]
    [InlineData("sagaattempt", "two")]
    public async Task A_wrong_attribute_is_named(string attribute, string value)
    {
        var answer = await steps.DoAsync("s1", change: request => Set(request, "ce-" + attribute, value));

        ShouldName(answer, attribute);
    }

    [Theory]
    [InlineData("sagaid", 101)]
    [InlineData("sagastep", 201)]
    [InlineData("id", 401)]
    [InlineData("source", 401)]
    [InlineData("time", 41)]
    public async Task An_attribute_that_is_too_long_is_named(string attribute, int length)
    {
        var answer = await steps.DoAsync(
            "s1", change: request => Set(request, "ce-" + attribute, new string('a', length)));

        ShouldName(answer, attribute);
        answer.Detail.Should().Contain("longer than");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"sku\":\"A1\",\"quantity\":2,}")]
    public async Task A_body_that_is_not_JSON_is_malformed(string body)
    {
        ShouldName(await steps.DoAsync("s1", body), "data");
    }

    [Fact]
    public async Task A_body_that_is_nested_too_deep_is_malformed()
    {
        var body = new string('[', 65) + new string(']', 65);
        ShouldName(await steps.DoAsync("s1", body), "data");
    }

    [Fact]
    public async Task A_body_that_is_not_UTF_8_is_malformed()
    {
        var answer = await steps.DoAsync("s1", change: request =>
        {
            request.Content = new ByteArrayContent([(byte)'"', 0xC3, 0x28, (byte)'"']);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        });

        ShouldName(answer, "data");
    }

    [Theory]
    [InlineData("""{"sku":"A1"}""", "quantity")]
    [InlineData("""{"sku":"A1","quantity":"two"}""", "$.quantity")]
    [InlineData("""{"sku":null,"quantity":2}""", "sku")]
    [InlineData("null", "$")]
    [InlineData("[]", "$")]
    public async Task Data_that_does_not_fit_is_malformed_and_its_path_is_named(string data, string path)
    {
        var answer = await steps.DoAsync("s1", data);

        answer.Summary.Should().Be("400 malformed none");
        answer.Detail.Should().Contain(path);
        ShouldHaveWrittenNothing();
    }

    [Fact]
    public async Task Corrected_data_is_accepted_after_data_that_did_not_fit()
    {
        await steps.DoAsync("s1", "[]");
        (await steps.DoAsync("s1")).Summary.Should().Be("200 held");
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        var answer = await steps.DoAsync(
            "s1", change: r => r.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/xml"));

        answer.Summary.Should().Be("415 malformed none");
        ShouldHaveWrittenNothing();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_more_than_1_MiB_is_too_large(bool lengthIsKnown)
    {
        var body = "\"" + new string('a', WireLimits.Body) + "\"";
        var answer = await steps.DoAsync("s1", body, request => request.Headers.TransferEncodingChunked = !lengthIsKnown);

        answer.Summary.Should().Be("413 too-large none");
        ShouldHaveWrittenNothing();
    }

    [Fact]
    public async Task The_same_key_with_other_data_is_reused_and_never_gets_the_stored_answer()
    {
        await steps.DoAsync("s1");

        var answer = await steps.DoAsync("s1", """{"sku":"A1","quantity":3}""");

        answer.Summary.Should().Be("409 key-reused held");
        database.Available().Should().Be(98);
    }

    [Fact]
    public async Task The_same_key_with_another_kind_is_reused()
    {
        await steps.DoAsync("s1");
        (await new Commands(host.Client, clock) { Kind = "pivot" }.DoAsync("s1"))
            .Summary.Should().Be("409 key-reused held");
    }

    [Fact]
    public async Task The_same_key_under_another_action_is_reused()
    {
        await steps.DoAsync("s1");
        var elsewhere = new Commands(host.Client, clock) { Kind = "pivot", Action = "ship" };

        (await elsewhere.DoAsync("s1")).Summary.Should().Be("409 key-reused held");
        (await elsewhere.UndoAsync("s1")).Summary.Should().Be("409 key-reused held");
        database.Notes().Should().Equal("do");
    }

    [Fact]
    public async Task The_key_with_a_tilde_is_another_step()
    {
        await steps.DoAsync("s1");
        (await new Commands(host.Client, clock) { Step = "reserve-stock~2" }.DoAsync("s1", """{"sku":"A1","quantity":3}"""))
            .Summary.Should().Be("200 held");
        database.Available().Should().Be(95);
    }

    [Fact]
    public async Task A_command_older_than_half_the_retention_is_stale_and_does_nothing()
    {
        await steps.DoAsync("known");
        var sentAt = Instants.Write(clock.GetUtcNow());
        clock.Jump(TimeSpan.FromDays(3.5));
        (await steps.ConfirmAsync("new", r => Set(r, "ce-time", sentAt))).Problem.Should().Be("barred");
        clock.Jump(TimeSpan.FromMilliseconds(1));

        (await steps.DoAsync("s1", change: r => Set(r, "ce-time", sentAt))).Summary.Should().Be("410 stale none");
        (await steps.UndoAsync("known", r => Set(r, "ce-time", sentAt))).Problem.Should().Be("stale");
        database.Notes("s1").Should().BeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""[{"sagaId":"s1"}]""")]
    [InlineData("""[{"sagaId":"s1","outcome":"done"}]""")]
    [InlineData("""[{"outcome":"completed"}]""")]
    [InlineData("""[{"sagaId":"a b","outcome":"completed"}]""")]
    [InlineData("[null]")]
    public async Task A_wrong_batch_of_endings_is_malformed(string body)
    {
        ShouldName(await steps.SendEndedAsync(body), "data");
    }

    [Fact]
    public async Task A_batch_of_endings_has_a_limit()
    {
        var ids = Enumerable.Range(0, WireLimits.EndedSagas + 1).Select(n => $"s{n}").ToArray();
        ShouldName(await steps.EndAsync("completed", ids), "data");
        (await steps.EndAsync("completed", ids[1..])).Summary.Should().Be("200 none");
    }

    [Fact]
    public async Task Endings_must_come_as_endings()
    {
        ShouldName(await steps.SendEndedAsync("[]", r => Set(r, "ce-type", "saga.step.do")), "type");
    }

    [Fact]
    public async Task A_row_that_is_not_there_is_not_found()
    {
        (await steps.GetAsync("s1")).Summary.Should().Be("404 not-found none");
    }

    [Fact]
    public async Task A_row_is_shown_to_operators()
    {
        await steps.DoAsync("s1");

        var answer = await steps.GetAsync("s1");

        answer.Summary.Should().Be("200 held");
        answer.Body.Should().Be(
            """{"sagaId":"s1","step":"reserve-stock","state":"held","expiresAt":"2026-01-31T12:01:00.000Z","""
            + "\"endedAt\":null,\"endedAs\":null,\"attempts\":0,"
            + """{"output":{"id":"r-s1"},"needsAttention":false,"updatedAt":"2026-01-31T12:00:00.000Z"}"""[1..]);
    }

    [Fact]
    public async Task Without_the_token_nothing_is_answered()
    {
        await using var guarded = await ParticipantHost.StartAsync(database, clock, configure: o => o.Token = Token);
        var commands = new Commands(guarded.Client, clock);

        (await commands.DoAsync("s1")).Summary.Should().Be("401 unauthorized none");
        (await commands.DoAsync("s1", change: r => r.Headers.Add("Authorization", "Bearer wrong")))
            .Summary.Should().Be("401 unauthorized none");
        (await commands.GetAsync("s1")).Code.Should().Be(401);
        (await commands.EndAsync("completed", "s1")).Code.Should().Be(401);
        ShouldHaveWrittenNothing();
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + Token)]
    [InlineData("dapr-api-token", Token)]
    public async Task With_the_token_everything_is_answered(string header, string value)
    {
        await using var guarded = await ParticipantHost.StartAsync(database, clock, configure: o => o.Token = Token);

        (await new Commands(guarded.Client, clock).DoAsync("s1", change: r => r.Headers.Add(header, value)))
            .Summary.Should().Be("200 held");
    }

    private static void Set(HttpRequestMessage request, string header, string value)
    {
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);
    }

    private void ShouldName(Answer answer, string attribute)
    {
        answer.Summary.Should().Be("400 malformed none");
        answer.Member("attribute").Should().Be(attribute);
        answer.Ledger.Should().NotBeNull();
        ShouldHaveWrittenNothing();
    }

    private void ShouldHaveWrittenNothing()
    {
        database.Scalar("SELECT COUNT(*) FROM saga_ledger").Should().Be(0);
        database.Notes().Should().BeEmpty();
    }
}
