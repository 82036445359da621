using Microsoft.Extensions.Options;
using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>Wrong options stop the start, with the option's name.</summary>
public sealed class OptionsStories : IDisposable
{
    private readonly SqliteDatabase database = new();

    public static TheoryData<string, Action<SagaParticipantOptions>> Wrong => new()
    {
        { "Connect", options => options.Connect = null },
        { "Dialect", options => options.Dialect = (LedgerDialect)9 },
        { "Token", options => options.Token = "short" },
        { "Retention", options => options.Retention = TimeSpan.FromSeconds(1) },
        { "Sweep", options => options.Sweep = TimeSpan.Zero },
        { "AttemptsBeforeAttention", options => options.AttemptsBeforeAttention = 0 },
        { "LongestBody", options => options.LongestBody = 0 },
        { "Json", options => options.Json = null! },
    };

    public void Dispose() => database.Dispose();

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_option_is_named_at_the_start(string option, Action<SagaParticipantOptions> change)
    {
        var start = () => ParticipantHost.StartAsync(database, new ManualTime(), configure: change);
        (await start.Should().ThrowAsync<OptionsValidationException>()).WithMessage($"*SagaParticipantOptions.*{option}*");
    }

    [Fact]
    public async Task Mapping_without_adding_says_what_to_add()
    {
        await using var app = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder().Build();
        app.Invoking(a => a.MapSagaStep<Reserve, Reservation>("reserve", _ => { }))
            .Should().Throw<InvalidOperationException>().WithMessage("*AddSagaParticipant*");
    }

    [Fact]
    public async Task A_step_needs_an_action_and_is_mapped_once()
    {
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder();
        builder.Services.AddSagaParticipant(options => options.UseDatabase(LedgerDialect.Sqlite, database.Open));
        await using var app = builder.Build();
        app.Invoking(a => a.MapSagaStep<Reserve, Reservation>("reserve", _ => { }))
            .Should().Throw<InvalidOperationException>().WithMessage("*step.Do*");
        app.Invoking(a => a.MapSagaStep<Reserve, Reservation>("many", step => step
                .Do((_, _) => throw new NotSupportedException()).UndoMany((_, _) => Task.CompletedTask)))
            .Should().Throw<InvalidOperationException>().WithMessage("*step.Undo*");
        app.MapSagaStep<Reserve, Reservation>("ship", step => step.Do((_, _) => throw new NotSupportedException()));
        app.Invoking(
            a => a.MapSagaStep<Reserve, Reservation>("ship", s => s.Do((_, _) => throw new NotSupportedException())))
            .Should().Throw<InvalidOperationException>().WithMessage("*mapped twice*");
        app.Invoking(a => a.MapSagaStep<Reserve, Reservation>("a/b", _ => { })).Should().Throw<ArgumentException>();
    }
}
