using System.Globalization;

namespace Orchestrator.Dapr.Translating;

/// <summary>
/// Instance ids. A saga runs in the instance of its own id; when that one was terminated, in <c>id-2</c>, <c>id-3</c>
/// and so on, which take over. A saga's id holds no dash; Dapr's hold letters, digits, dashes and underscores.
/// </summary>
internal static class InstanceIds
{
    private const char Separator = '-';

    /// <summary>The saga's instance of that number, from 1.</summary>
    public static string Of(string sagaId, int number) =>
        number == 1 ? sagaId : string.Create(CultureInfo.InvariantCulture, $"{sagaId}{Separator}{number}");

    /// <summary>The saga an instance runs, going by its id alone.</summary>
    public static string SagaOf(string instanceId) => instanceId.Split(Separator)[0];

    /// <summary>The number, when the instance is one of the saga's; else null.</summary>
    public static int? NumberOf(string instanceId, string sagaId)
    {
        if (instanceId == sagaId) return 1;
        if (!instanceId.StartsWith(sagaId, StringComparison.Ordinal) || instanceId[sagaId.Length] != Separator)
            return null;
        return int.TryParse(
            instanceId.AsSpan(sagaId.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 2 && Of(sagaId, number) == instanceId
            ? number
            : null;
    }
}
