namespace Shop;

/// <summary>Reads <c>--name value</c> and <c>--name=value</c>.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>What is no option of ours, in order; only when unknown options are allowed.</summary>
    internal List<string> Rest { get; } = [];

    internal static CommandLine Read(
        IEnumerable<string> arguments, IReadOnlyCollection<string> known, bool keepRest = false)
    {
        var line = new CommandLine();
        var left = new Queue<string>(arguments);
        while (left.TryDequeue(out var argument))
        {
            var (name, value) = Split(argument);
            if (name is not null && known.Contains(name, StringComparer.Ordinal))
                line.values[name] = value ?? Next(left, name);
            else if (keepRest)
                line.Rest.Add(argument);
            else
                throw new CommandLineException(
                    $"{argument} is not known here. Known are: "
                    + $"{string.Join(", ", known.Select(each => "--" + each))}.");
        }

        return line;
    }

    internal string? Get(string name) => values.GetValueOrDefault(name);

    private static (string? Name, string? Value) Split(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal)) return (null, null);
        var at = argument.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (argument[2..], null) : (argument[2..at], argument[(at + 1)..]);
    }

    private static string Next(Queue<string> left, string name) =>
        left.TryDequeue(out var value)
            ? value
            : throw new CommandLineException($"--{name} needs a value after it.");
}

/// <summary>
/// Something about the command line, or what it asks for, that the person can put right. Shown as one sentence.
/// </summary>
internal sealed class CommandLineException(string message) : Exception(message);
