using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Service.Reconciling;

/// <summary>What the command line of <c>ledger reconcile</c> asks for. Immutable.</summary>
internal sealed record ReconcileOptions
{
    /// <summary>What the command is called with.</summary>
    public const string Help = """
        Orchestrator.Service ledger reconcile --orchestrator URL --participant NAME [options]

        Compares a participant's ledger with what it told the orchestrator, and lists every difference with what to do.
        Changes nothing. Exit code 0: no difference; 1: differences, or it could not be compared; 2: wrong options.

          --orchestrator URL   the orchestrator's address
          --participant NAME   the participant as definitions name it
          --orchestrator-token-in NAME
                               the environment variable that holds a token of the orchestrator (role viewer)
          --address URL        where the participant is; default: where the orchestrator calls it
          --prefix PATH        the path before its rows (default /saga)
          --token-in NAME      the environment variable that holds the participant's token
          --from INSTANT       only sagas that started then or later; default: all the orchestrator still lists
          --retention TIME     how long the participant keeps the rows of ended sagas (default 7d)
        """;

    /// <summary>The orchestrator's address.</summary>
    public required Uri Orchestrator { get; init; }

    /// <summary>The participant as definitions name it.</summary>
    public required string Participant { get; init; }

    /// <summary>A token of the orchestrator; null when it wants none.</summary>
    public string? OrchestratorToken { get; init; }

    /// <summary>Where the participant is; null: where the orchestrator calls it.</summary>
    public Uri? Address { get; init; }

    /// <summary>The path before its rows, without a slash at the end.</summary>
    public string Prefix { get; init; } = "/saga";

    /// <summary>The participant's token; null when it wants none.</summary>
    public string? Token { get; init; }

    /// <summary>Only sagas that started then or later; null: all.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>How long the participant keeps the rows of ended sagas.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Reads the options. Throws <see cref="FormatException" /> with a sentence.</summary>
    public static ReconcileOptions Read(IReadOnlyList<string> args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count) throw new FormatException($"{args[i]} needs a value.");
            if (!values.TryAdd(args[i], args[i + 1])) throw new FormatException($"{args[i]} is given twice.");
        }

        var options = new ReconcileOptions
        {
            Orchestrator = HttpAddress("--orchestrator", Take(values, "--orchestrator")),
            Participant = Take(values, "--participant"),
        };
        foreach (var (name, value) in values) options = options.With(name, value);
        return options;
    }

    private static string Take(Dictionary<string, string> values, string name) =>
        values.Remove(name, out var value) && value.Length > 0
            ? value
            : throw new FormatException($"{name} is missing. --help lists the options.");

    private ReconcileOptions With(string name, string value) => name switch
    {
        "--address" => this with { Address = HttpAddress(name, value) },
        "--prefix" => value.StartsWith('/')
            ? this with { Prefix = value.TrimEnd('/') }
            : throw new FormatException($"--prefix {value} must begin with a slash."),
        "--token-in" => this with { Token = Secret(value) },
        "--orchestrator-token-in" => this with { OrchestratorToken = Secret(value) },
        "--from" => Instants.TryRead(value, out var from)
            ? this with { From = from }
            : throw new FormatException($"--from {value} is not an instant such as 2026-01-31T12:00:00Z."),
        "--retention" => Durations.TryRead(value, out var time)
            ? this with { Retention = time }
            : throw new FormatException($"--retention {value} is not a duration such as 7d or PT12H."),
        _ => throw new FormatException($"{name} is not known. --help lists the options."),
    };

    private static string Secret(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } token
            ? token
            : throw new FormatException($"The environment variable {variable} is not set.");

    private static Uri HttpAddress(string name, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https")
            ? address
            : throw new FormatException($"{name} {value} is not an http address.");
}
