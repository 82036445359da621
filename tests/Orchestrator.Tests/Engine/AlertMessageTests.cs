using System.Text.Json;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Alerting;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Engine;

/// <summary>What a target of alerts is told.</summary>
public sealed class AlertMessageTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly SagaSummary Saga = new()
    {
        Id = "s1",
        Definition = "test",
        DefinitionVersion = 1,
        Phase = SagaPhase.Compensating,
        Reason = new SagaReason("failed", "the bank said 4711", "bank"),
        StartedAt = At,
        ExpiresAt = At.AddMinutes(1),
    };

    [Fact]
    public void Words_of_a_participant_are_told_only_where_nothing_is_secret()
    {
        var open = TestDefinitions.Of("a");

        Words(AlertMessages.Open(Saga, AlertReason.Stuck, At, open)).Should().Be("the bank said 4711");
        Words(AlertMessages.Open(Saga, AlertReason.Stuck, At, open with { Secret = ["$.input.card"] }))
            .Should().BeNull();
        Words(AlertMessages.Open(Saga, AlertReason.Stuck, At, null)).Should().BeNull();
        AlertMessages.Open(Saga, AlertReason.Stuck, At, null).News.Data.ToString().Should().NotContain("4711");
    }

    [Fact]
    public void A_message_for_many_names_the_first_and_counts_all()
    {
        var news = Enumerable.Range(1, 250).Select(i => new AlertNews(
            i, $"n{i}", i % 2 == 0 ? AlertReason.Stuck : AlertReason.Overdue, i > 200, At,
            Orchestrator.Contract.JsonData.FromText($$"""{"saga":"s{{i}}"}"""))).ToList();

        var (id, message) = AlertMessages.Bundle(news, At);

        id.Should().Be("alerts/1-250");
        var data = JsonDocument.Parse(message.Utf8).RootElement.GetProperty("data");
        (data.GetProperty("raised").GetInt32(), data.GetProperty("cleared").GetInt32()).Should().Be((200, 50));
        data.GetProperty("raisedFor").GetProperty("stuck").GetInt32().Should().Be(100);
        data.GetProperty("alerts").GetArrayLength().Should().Be(100);
        data.GetProperty("notNamed").GetInt32().Should().Be(150);
    }

    [Fact]
    public void A_target_as_text_shows_no_secret() =>
        new AlertTarget("ops", new Uri("http://x/hook-word")) { Token = "token-word", Secret = "secret-word" }
            .ToString().Should().Be("ops");

    private static string? Words(AlertRow row) =>
        JsonDocument.Parse(row.News.Data.Utf8).RootElement.GetProperty("words").GetString();
}
