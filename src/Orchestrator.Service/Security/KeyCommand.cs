namespace Orchestrator.Service.Security;

/// <summary><c>key new NAME [GRANTS]</c>: makes an API key and prints what the configuration is told of it.</summary>
internal static class KeyCommand
{
    private const int Wrong = 2;

    /// <summary>Prints; 0, or 2 when the command line is wrong.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is not ["key", "new", { Length: > 0 } name, ..] || args.Length > 4)
            return Refuse(error, "Say whose key it is: key new NAME [GRANTS], for instance key new shop starter.");
        var grants = args.Length == 4 ? args[3] : "viewer";
        foreach (var word in grants.Split(','))
            if (!Grant.TryRead(word, out _))
                return Refuse(error, $"\"{word}\" is no grant. Name viewer, starter, operator or admin, perhaps for "
                    + "one definition alone: starter@place-order.");
        var (key, hash) = ApiKey.Make();
        output.WriteLine($"key:    {key}");
        output.WriteLine("        Give it to its owner; it is not stored anywhere and cannot be shown again.");
        output.WriteLine($"config: --Orchestrator:Security:Keys:{name}:Hash={hash}");
        output.WriteLine($"        --Orchestrator:Security:Keys:{name}:Grants={grants}");
        return 0;
    }

    private static int Refuse(TextWriter error, string sentence)
    {
        error.WriteLine(sentence);
        return Wrong;
    }
}
