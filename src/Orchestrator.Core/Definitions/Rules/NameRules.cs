namespace Orchestrator.Core.Definitions.Rules;

/// <summary>Names are parts of ledger keys and of paths, so they are kept to what needs no escaping anywhere.</summary>
internal static class NameRules
{
    /// <summary>Read as a name, or null and a problem.</summary>
    public static string? Read(Place? place, string expected, Findings findings)
    {
        var name = Values.Text(place, expected, findings);
        return name is not null && Check(name, place!.Line, place.Path, findings) ? name : null;
    }

    public static bool Check(string name, int line, string path, Findings findings)
    {
        var problem = ProblemOf(name);
        if (problem is not null) findings.Add(line, path, problem);
        return problem is null;
    }

    private static string? ProblemOf(string name)
    {
        const string allowed = "A name consists of letters (a-z, A-Z), digits, \"-\", \"_\" and \".\".";
        if (name.Length == 0) return $"The name is empty. {allowed}";
        if (name.Length > DefinitionLimits.NameLength)
            return $"The name has {name.Length} characters; at most {DefinitionLimits.NameLength} are allowed.";
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            return $"\"{name}\" is no name. {allowed}";
        // "." and ".." change the meaning of every path they become part of.
        return name.All(c => c == '.') ? $"\"{name}\" is no name: it needs a letter or a digit." : null;
    }
}
