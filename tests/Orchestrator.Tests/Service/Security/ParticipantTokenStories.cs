using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Service.Security;

namespace Orchestrator.Tests.Service.Security;

/// <summary>Participants ask for a token, and the orchestrator has it from its configuration alone.</summary>
public sealed class ParticipantTokenStories
{
    private const string Token = "tok-of-the-shop-0123456789";

    [Fact]
    public async Task Every_call_to_a_participant_carries_its_token_and_nothing_shows_it()
    {
        var service = await RunningService.StartWithAsync($"--Orchestrator:Security:ParticipantTokens:shop={Token}");
        try
        {
            service.Participant.Rows = "{}";
            await service.DefineAsync("guarded");
            var saga = await service.FinishedAsync("guarded");
            var id = saga.GetProperty("id").GetString();
            var shown = (await service.GetAsync($"/sagas/{id}/history")).GetRawText()
                + (await service.GetAsync($"/sagas/{id}/ledgers")).GetRawText()
                + (await service.GetAsync("/participants")).GetRawText() + saga.GetRawText();
            await Eventually.TrueAsync(() => service.Participant.Seen.Contains("ended"), "the end should be told");

            service.Participant.Seen.Should().Contain(["reserve/do", "reserve/confirm", $"reserve/{id}"]);
            service.Participant.Authorizations.Should().HaveCountGreaterOrEqualTo(4)
                .And.OnlyContain(sent => sent == "Bearer " + Token);
            shown.Should().NotContain(Token);
            (await service.GetAsync("/participants/shop")).GetProperty("hasToken").GetBoolean().Should().BeTrue();
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_participant_gets_no_other_participants_token()
    {
        var service = await RunningService.StartWithAsync($"--Orchestrator:Security:ParticipantTokens:bank={Token}");
        try
        {
            await service.DefineAsync("open");
            await service.FinishedAsync("open");

            service.Participant.Authorizations.Should().NotBeEmpty().And.OnlyContain(sent => sent.Length == 0);
            (await service.GetAsync("/participants/shop")).GetProperty("hasToken").GetBoolean().Should().BeFalse();
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public void A_token_in_a_file_is_exchanged_while_the_service_runs()
    {
        using var folder = new TempFolder();
        var time = new ManualTime();
        var file = folder.Write("token", Token + "\n");
        var settings = SecuritySettingsStories.Read(("Orchestrator:Security:ParticipantTokens:shop:File", file));
        var tokens = new ParticipantTokens(settings, time, NullLogger<ParticipantTokens>.Instance);

        tokens.TokenFor("shop", null).Should().Be(Token);
        folder.Write("token", "another-token-0123456789");
        tokens.TokenFor("shop", null).Should().Be(Token);
        time.Advance(TimeSpan.FromSeconds(11));
        tokens.TokenFor("shop", null).Should().Be("another-token-0123456789");
        File.Delete(file);
        time.Advance(TimeSpan.FromSeconds(11));
        tokens.TokenFor("shop", null).Should().Be("another-token-0123456789", "the last one read counts");
        tokens.TokenFor("bank", null).Should().BeNull();
    }

    [Fact]
    public void A_participant_that_others_can_reach_and_that_asks_for_no_token_is_warned_of_once()
    {
        var lines = new List<string>();
        var tokens = new ParticipantTokens(
            SecuritySettingsStories.Read(), TimeProvider.System, new ListLogger(lines));

        foreach (var address in (string[])["http://127.0.0.1:1", "http://shop.example.org", "http://shop.example.org"])
            tokens.TokenFor("shop", new Uri(address)).Should().BeNull();
        tokens.TokenFor("app", null).Should().BeNull();

        lines.Should().ContainSingle()
            .Which.Should().Contain("shop.example.org").And.Contain("Orchestrator:Security:ParticipantTokens:shop");
    }

    [Theory]
    [InlineData("ParticipantTokens:shop", "too-short")]
    [InlineData("ParticipantTokens:shop", "a token with blanks in it")]
    [InlineData("ParticipantTokens:shop:File", "no-such-file")]
    [InlineData("ParticipantTokens:shop:Fiel", "x")]
    public void What_is_no_token_is_refused_and_not_repeated(string key, string value)
    {
        var refusal = SecuritySettingsStories.Refusal(("Orchestrator:Security:" + key, value));

        refusal.Should().Contain("Orchestrator:Security:ParticipantTokens:shop");
        if (value != "no-such-file") refusal.Should().NotContain(value + " ").And.NotContain($"\"{value}\"");
    }

    private sealed class ListLogger(List<string> lines) : Microsoft.Extensions.Logging.ILogger<ParticipantTokens>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state,
            Exception? exception, Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));
    }
}
