using Orchestrator.Engine.Batches;

namespace Orchestrator.Tests.Engine;

/// <summary>What a verb on many would do, in words that are right for one saga and for many.</summary>
public sealed class EffectWordsTests
{
    [Theory]
    [InlineData("[undoes|undo] 3 steps[| each]", 1, "undoes 3 steps")]
    [InlineData("[undoes|undo] 3 steps[| each]", 2, "undo 3 steps each")]
    [InlineData("[is|are] suspended already", 1, "is suspended already")]
    [InlineData("[holds it; its own|hold them; their own]", 7, "hold them; their own")]
    [InlineData("without a choice", 1, "without a choice")]
    public void An_effect_is_said_of_one_saga_in_the_singular(string effect, int sagas, string said) =>
        EffectWords.Of(effect, sagas).Should().Be(said);
}
