using System.Globalization;

namespace Orchestrator.Benchmarks.Expiry;

/// <summary>What the command line of <c>expiry</c> asks for.</summary>
internal sealed record ExpiryOptions
{
    /// <summary>Sagas that expire in the same instant.</summary>
    public int Sagas { get; private init; } = 1000;

    /// <summary>How often so many expire, one burst after the other.</summary>
    public int Bursts { get; private init; } = 1;

    /// <summary>From one burst to the next: time for twice what one should take.</summary>
    public TimeSpan Interval => TimeSpan.FromSeconds(1.5 + (Sagas * 0.0004));

    /// <summary>Other sagas a second at the same participant.</summary>
    public int Others { get; private init; } = 100;

    /// <summary>Npgsql's connection string of an empty database; null: a SQLite file.</summary>
    public string? Postgres { get; private init; }

    /// <summary><c>one</c>: the participant undoes one by one; <c>many</c>: it has a handler for many.</summary>
    public string Undo { get; private init; } = "one";

    public string DataFolder { get; private init; } = Path.Combine(AppContext.BaseDirectory, "expiry-data");

    /// <summary>Reads the options. Throws <see cref="FormatException" /> with a sentence.</summary>
    public static ExpiryOptions Read(string[] args)
    {
        var options = new ExpiryOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length) throw new FormatException($"{args[i]} needs a value.");
            options = options.With(args[i], args[i + 1]);
        }

        return options;
    }

    private ExpiryOptions With(string name, string value) => name switch
    {
        "--sagas" => this with { Sagas = Number(name, value, 1, 100_000) },
        "--bursts" => this with { Bursts = Number(name, value, 1, 100) },
        "--others" => this with { Others = Number(name, value, 0, 1000) },
        "--undo" when value is "one" or "many" => this with { Undo = value },
        "--undo" => throw new FormatException($"--undo takes one or many, not {value}."),
        "--postgres" => this with { Postgres = value },
        "--data" => this with { DataFolder = Path.GetFullPath(value) },
        _ => throw new FormatException($"{name} is not known; --help lists the options."),
    };

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            && number <= most
            ? number
            : throw new FormatException($"{name} takes a whole number from {least} to {most}, not {value}.");
}
