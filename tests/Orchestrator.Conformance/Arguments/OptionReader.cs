using System.Globalization;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Arguments;

/// <summary>Reads the command line; whatever is wrong comes out as one sentence.</summary>
internal static class OptionReader
{
    private static readonly string[] Valued =
    [
        "step", "data", "refused", "pivot", "pivot-data", "pivot-refused", "retriable", "retriable-data",
        "retriable-refused", "do-path", "undo-path", "prefix", "probe", "restart", "token", "json", "only", "hold",
        "sweep", "grace", "timeout", "time",
    ];

    private static readonly string[] Flags = ["unarmed", "strict", "verbose"];

    internal static KitOptions Read(IReadOnlyList<string> arguments)
    {
        var (address, given) = Split(arguments);
        var isUnarmed = given.ContainsKey("unarmed");
        var options = new KitOptions
        {
            Address = address,
            Step = Step(given, "step", WireKind.Compensatable),
            Pivot = Step(given, "pivot", WireKind.Pivot),
            Retriable = Step(given, "retriable", WireKind.Retriable),
            IsUnarmed = isUnarmed,
            DoPath = given.GetValueOrDefault("do-path"),
            UndoPath = given.GetValueOrDefault("undo-path"),
            Prefix = "/" + given.GetValueOrDefault("prefix", "/saga").Trim('/'),
            Probe = given.TryGetValue("probe", out var probe) ? Address(address, probe) : null,
            Restart = given.GetValueOrDefault("restart"),
            Token = given.GetValueOrDefault("token"),
            Json = given.GetValueOrDefault("json"),
            Only = given.GetValueOrDefault("only", "").Split(',', StringSplitOptions.RemoveEmptyEntries),
            IsStrict = given.ContainsKey("strict"),
            IsVerbose = given.ContainsKey("verbose"),
        };
        if (options.Step is null && options.Pivot is null && options.Retriable is null)
            throw new OptionException("Name at least one step: --step NAME --data FILE, --pivot NAME or --retriable NAME.");
        if (isUnarmed && (options.Step is null || options.Pivot is not null || options.Retriable is not null))
            throw new OptionException("--unarmed needs --step and nothing else: such a step is only done and undone.");
        return WithTimes(options, given);
    }

    private static KitOptions WithTimes(KitOptions options, Dictionary<string, string> given) => options with
    {
        Hold = Seconds(given, "hold", options.Hold, 0.5, 600),
        Sweep = Seconds(given, "sweep", options.Sweep, 0, 600),
        Grace = Seconds(given, "grace", options.Grace, 0, 600),
        Timeout = Seconds(given, "timeout", options.Timeout, 0.1, 600),
        Time = Seconds(given, "time", options.Time, 1, 86_400),
    };

    private static (Uri Address, Dictionary<string, string> Given) Split(IReadOnlyList<string> arguments)
    {
        Uri? address = null;
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var left = new Queue<string>(arguments);
        while (left.TryDequeue(out var argument))
        {
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                if (address is not null) throw new OptionException($"{argument} is one address too many.");
                address = Address(null, argument);
                continue;
            }

            var (name, value) = argument[2..].Split('=', 2) is [var first, var second]
                ? (first, second) : (argument[2..], null);
            if (Flags.Contains(name, StringComparer.Ordinal))
                given[name] = "";
            else if (!Valued.Contains(name, StringComparer.Ordinal))
                throw new OptionException($"--{name} is not known here.");
            else
                given[name] = value ?? (left.TryDequeue(out var next)
                    ? next : throw new OptionException($"--{name} needs a value after it."));
        }

        return (address ?? throw new OptionException("Name the participant's address, such as http://127.0.0.1:5102."),
            given);
    }

    private static OfferedStep? Step(Dictionary<string, string> given, string option, WireKind kind)
    {
        if (!given.TryGetValue(option, out var name)) return null;
        var prefix = kind == WireKind.Compensatable ? "" : option + "-";
        var data = given.GetValueOrDefault($"{prefix}data", given.GetValueOrDefault("data", ""));
        if (data.Length == 0)
            throw new OptionException($"--{option} {name} needs --{prefix}data FILE: data that it accepts.");
        return new OfferedStep(
            name, kind, StepData.Read($"{prefix}data", data),
            given.TryGetValue($"{prefix}refused", out var refused)
                ? StepData.Read($"{prefix}refused", refused) : null);
    }

    private static Uri Address(Uri? below, string text)
    {
        // A path is no absolute address here, although on some systems it is one of a file.
        var isPath = below is not null && text.StartsWith('/');
        if (isPath && Uri.TryCreate(below, text, out var relative)) return relative;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address : throw new OptionException($"{text} is no address such as http://127.0.0.1:5102.");
    }

    private static TimeSpan Seconds(
        Dictionary<string, string> given, string name, TimeSpan otherwise, double least, double most)
    {
        if (!given.TryGetValue(name, out var text)) return otherwise;
        var isNumber = double.TryParse(
            text.TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds);
        return isNumber && seconds >= least && seconds <= most
            ? TimeSpan.FromSeconds(seconds)
            : throw new OptionException($"--{name} takes seconds from {least} to {most}, not {text}.");
    }
}
