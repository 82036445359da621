using System.Text.RegularExpressions;

namespace Orchestrator.Engine.Batches;

/// <summary>
/// What a verb would do, as it is said of one saga and of many. <c>[undoes|undo] 1 step</c> is both: what stands first
/// in the brackets is for one.
/// </summary>
internal static partial class EffectWords
{
    /// <summary>The words for so many sagas.</summary>
    public static string Of(string effect, int sagas) =>
        Choice().Replace(effect, sagas == 1 ? "${one}" : "${many}");

    [GeneratedRegex(@"\[(?<one>[^|\]]*)\|(?<many>[^|\]]*)\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Choice();
}
