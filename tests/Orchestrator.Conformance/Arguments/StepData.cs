using System.Text;
using System.Text.Json;

namespace Orchestrator.Conformance.Arguments;

/// <summary>
/// The data of a <c>do</c>. Where it says <c>{{saga}}</c> the saga's id is put, for actions that take each order only
/// once.
/// </summary>
internal sealed record StepData(string Text)
{
    private const string Saga = "{{saga}}";

    internal byte[] For(string sagaId) =>
        Encoding.UTF8.GetBytes(Text.Replace(Saga, sagaId, StringComparison.Ordinal));

    /// <summary>Reads a file; a sentence when it is missing or no JSON.</summary>
    internal static StepData Read(string option, string file)
    {
        try
        {
            var data = new StepData(File.ReadAllText(file));
            using var _ = JsonDocument.Parse(data.For("x"));
            return data;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new OptionException($"--{option} {file}: {exception.Message}");
        }
    }
}
