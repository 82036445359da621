using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Tests.Core;

/// <summary>
/// Definitions written as lines: <c>a</c> is armed, <c>u:unarmed</c>, <c>p:pivot</c>, <c>r:retriable</c>.
/// </summary>
internal static class TestDefinitions
{
    public static readonly RetryPolicy Retry =
        new(TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(10), 3, TimeSpan.FromSeconds(5));

    public static SagaDefinition Of(params string[] steps) => new()
    {
        Name = "test",
        Version = 1,
        Deadline = TimeSpan.FromSeconds(60),
        MaxDeadline = TimeSpan.FromHours(1),
        Guard = TimeSpan.FromSeconds(2),
        Participants = [.. steps.Select(step => new ParticipantDefinition($"p-{Name(step)}", new Uri("http://x"), null, false))],
        Steps = [.. steps.Select(Step)],
        Output = null,
    };

    public static SagaDefinition With(this SagaDefinition definition, string step, string input) => definition with
    {
        Steps = [.. definition.Steps.Select(s => s.Name == step ? s with { Input = Mapping(input) } : s)],
    };

    public static InputMapping Mapping(string json)
    {
        var compiled = InputMapping.Compile(JsonData.FromText(json));
        compiled.Problems.Should().BeEmpty();
        return compiled.Mapping!;
    }

    private static string Name(string step) => step.Split(':')[0];

    private static StepDefinition Step(string text)
    {
        var name = Name(text);
        return new StepDefinition
        {
            Name = name,
            Participant = $"p-{name}",
            Action = name,
            Kind = text.Contains(':')
                ? Enum.Parse<StepKind>(text.Split(':')[1], ignoreCase: true)
                : StepKind.Compensatable,
            DoPath = $"/saga/{name}/do",
            ConfirmPath = $"/saga/{name}/confirm",
            UndoPath = $"/saga/{name}/undo",
            Input = InputMapping.WholeInput,
            Retry = Retry,
        };
    }
}
