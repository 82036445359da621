namespace Orchestrator.Core.Definitions;

/// <summary>Places in a definition's file, as <c>steps[1].input.amount</c>.</summary>
internal static class DefinitionPath
{
    public const string Root = "";

    public static string Of(string parent, string name)
    {
        // A path is made for every value, so a name as long as the file must not be repeated in each of them.
        if (name.Length > DefinitionLimits.NameLength) name = $"{name[..DefinitionLimits.NameLength]}...";
        var plain = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$');
        if (!plain) return $"{parent}['{name}']";
        return parent.Length == 0 ? name : $"{parent}.{name}";
    }

    public static string Of(string parent, int index) => $"{parent}[{index}]";
}
