using Orchestrator.Service.Reconciling;
using Orchestrator.Tests.Service.Security;

namespace Orchestrator.Tests.Reconciling;

/// <summary><c>ledger reconcile</c> where the orchestrator asks for a token.</summary>
public sealed class GuardedReconcileStories(GuardedService guarded) : IClassFixture<GuardedService>, IDisposable
{
    private readonly string variable = $"RECONCILE_{Guid.NewGuid():N}";

    public void Dispose() => Environment.SetEnvironmentVariable(variable, null);

    [Fact]
    public async Task Without_a_token_the_option_for_it_is_named()
    {
        var (code, text) = await ReconcileAsync();

        code.Should().Be(1);
        text.Should().Contain("The orchestrator wants another token").And.Contain("--orchestrator-token-in");
    }

    [Fact]
    public async Task With_a_viewers_token_it_compares_and_the_participant_does_not_see_that_token()
    {
        Environment.SetEnvironmentVariable(variable, guarded.TokenOf("viewer"));
        guarded.Service.Participant.Answer("ledger", 404);

        var (code, text) = await ReconcileAsync("--orchestrator-token-in", variable);

        code.Should().Be(0, text);
        text.Should().Contain(" 0 differences.").And.NotContain(guarded.TokenOf("viewer"));
        guarded.Service.Participant.Authorizations.Should().NotContain(each => each.Contains(guarded.TokenOf("viewer")));
    }

    private async Task<(int Code, string Text)> ReconcileAsync(params string[] more)
    {
        using var text = new StringWriter();
        string[] args =
        [
            "--orchestrator", guarded.Service.Http.BaseAddress!.ToString(), "--participant", "shop", .. more,
        ];
        var code = await ReconcileCommand.RunAsync(args, text, text, CancellationToken.None);
        return (code, text.ToString());
    }
}
