using System.Globalization;

namespace Orchestrator.Benchmarks.Load;

/// <summary>What the command line of <c>load</c> asks for.</summary>
internal sealed record LoadOptions
{
    private static readonly TimeSpan InStep = TimeSpan.FromSeconds(2);

    public int Users { get; private init; } = 30;

    public TimeSpan Measured { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Long enough for the runtime to have compiled the hot paths a second time, which takes a third of a core until
    /// then.
    /// </summary>
    public TimeSpan WarmUp { get; private init; } = TimeSpan.FromSeconds(20);

    public int Waiting { get; private init; }

    public int Rounds { get; private init; } = 3;

    public Uri? Url { get; private init; }

    /// <summary>How the service connects to PostgreSQL; null for a SQLite file.</summary>
    public string? Postgres { get; private init; }

    /// <summary>The signals that go out by OTLP, to a collector that forgets them; null for none.</summary>
    public IReadOnlyList<string>? Telemetry { get; private init; }

    public string DataFolder { get; private init; } = Path.Combine(AppContext.BaseDirectory, "load-data");

    public string? JsonFile { get; private init; }

    /// <summary>The same with just enough time for the users to come into step.</summary>
    public LoadOptions AlreadyWarm() => this with { WarmUp = WarmUp < InStep ? WarmUp : InStep };

    /// <summary>Reads the options. Throws <see cref="FormatException" /> with a sentence.</summary>
    public static LoadOptions Read(string[] args)
    {
        var options = new LoadOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length) throw new FormatException($"{args[i]} needs a value.");
            options = options.With(args[i], args[i + 1]);
        }

        if (options is { Url: not null, Waiting: > 0 })
            throw new FormatException("--waiting needs two services of its own; leave --url out.");
        if (options is { Url: not null, Postgres: not null })
            throw new FormatException("--postgres is for a service of its own; leave --url out.");
        if (options is { Telemetry: not null, Url: not null } or { Telemetry: not null, Waiting: > 0 })
            throw new FormatException("--telemetry is for one service of its own; leave --url and --waiting out.");
        if (options is { Waiting: > 0, Postgres: not null })
            throw new FormatException("--waiting needs two stores; leave --postgres out.");
        return options;
    }

    private LoadOptions With(string name, string value) => name switch
    {
        "--users" => this with { Users = Number(name, value, 1, 10_000) },
        "--seconds" => this with { Measured = TimeSpan.FromSeconds(Number(name, value, 1, 3600)) },
        "--warmup" => this with { WarmUp = TimeSpan.FromSeconds(Number(name, value, 0, 600)) },
        "--waiting" => this with { Waiting = Number(name, value, 0, 1_000_000) },
        "--rounds" => this with { Rounds = Number(name, value, 1, 100) },
        "--url" => Uri.TryCreate(value, UriKind.Absolute, out var url)
            ? this with { Url = url }
            : throw new FormatException($"--url {value} is no address."),
        "--postgres" => this with { Postgres = value },
        "--telemetry" => this with { Telemetry = Signals(value) },
        "--data" => this with { DataFolder = Path.GetFullPath(value) },
        "--json" => this with { JsonFile = Path.GetFullPath(value) },
        _ => throw new FormatException($"{name} is not known; --help lists the options."),
    };

    private static string[] Signals(string value)
    {
        var signals = value.Split(',');
        return signals.All(signal => signal is "traces" or "metrics" or "logs")
            ? signals
            : throw new FormatException($"--telemetry takes traces, metrics, logs, with commas between, not {value}.");
    }

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            && number <= most
            ? number
            : throw new FormatException($"{name} takes a whole number from {least} to {most}, not {value}.");
}
