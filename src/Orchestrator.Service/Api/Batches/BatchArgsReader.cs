using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Batches;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Batches;

/// <summary>Reads the arguments of a batch's verb: those of the same verb on one saga.</summary>
internal static class BatchArgsReader
{
    private const string Name = "args";

    /// <summary>The arguments and the reason; what is wrong is noted in the fields of the body.</summary>
    public static (BatchArgs Args, string? Reason) Read(string verb, BodyFields body, DateTimeOffset now)
    {
        if (body.Data(Name) is not { } data)
        {
            if (Known(verb) is ["step", ..] or ["deadline"])
                body.Add(Name, $"\"args\" is missing: {verb} needs {string.Join(", ", Known(verb))}.");
            return (new BatchArgs(), null);
        }

        using var document = JsonDocument.Parse(data.Utf8);
        var problems = new List<ProblemItem>();
        var fields = new BodyFields(document.RootElement, [.. Known(verb), "reason"], problems);
        var reason = fields.Text("reason", ServiceLimits.ReasonLength);
        var args = problems.Count > 0 ? new BatchArgs() : ReadFields(verb, fields, now);
        foreach (var problem in problems)
            body.Add(problem.Path.Length == 0 ? Name : $"{Name}.{problem.Path}", problem.Message);
        return (args, reason);
    }

    private static string[] Known(string verb) => verb switch
    {
        BatchVerbs.Extend => ["deadline"],
        BatchVerbs.Resend => ["step", "data"],
        BatchVerbs.Resolve => ["step", "as", "output"],
        BatchVerbs.Rerun => ["force", "deadline"],
        _ => [],
    };

    private static BatchArgs ReadFields(string verb, BodyFields fields, DateTimeOffset now) => verb switch
    {
        BatchVerbs.Extend => new BatchArgs { ExpiresAt = Deadline(fields, now, isNeeded: true) },
        BatchVerbs.Resend => new BatchArgs { Step = Step(fields), Data = fields.Data("data") },
        BatchVerbs.Resolve => Resolve(fields),
        BatchVerbs.Rerun => Rerun(fields, now),
        _ => new BatchArgs(),
    };

    private static BatchArgs Rerun(BodyFields fields, DateTimeOffset now)
    {
        Deadline(fields, now, isNeeded: false);
        return new BatchArgs
        {
            Force = fields.Flag("force") ?? false,
            Deadline = fields.Text("deadline", ServiceLimits.ReasonLength),
        };
    }

    private static BatchArgs Resolve(BodyFields fields)
    {
        var args = new BatchArgs { Step = Step(fields), Output = fields.Data("output") };
        switch (fields.Text("as", ServiceLimits.BatchVerbLength))
        {
            case "done":
                return args with { As = Resolution.Done };
            case "undone":
                if (args.Output is not null)
                    fields.Add("output", "\"output\" belongs to a step that is done. Leave it out.");
                return args with { As = Resolution.Undone };
            default:
                fields.Add("as", "\"as\" must be \"done\" or \"undone\": what became of the step.");
                return args;
        }
    }

    private static string? Step(BodyFields fields)
    {
        var step = fields.Text("step", DefinitionLimits.NameLength);
        if (string.IsNullOrEmpty(step)) fields.Add("step", "\"step\" must name the step.");
        return step;
    }

    /// <summary>
    /// An instant: a duration counts from now, not from when the batch comes to a saga. Each saga's definition judges
    /// it then.
    /// </summary>
    private static DateTimeOffset? Deadline(BodyFields fields, DateTimeOffset now, bool isNeeded)
    {
        if (fields.Text("deadline", ServiceLimits.ReasonLength) is not { } text)
        {
            if (isNeeded)
                fields.Add("deadline", "\"deadline\" must say how long from now, such as \"10m\", or until when.");
            return null;
        }

        if (!Instants.TryRead(text, out var at))
        {
            if (!Durations.TryRead(text, out var duration))
            {
                fields.Add("deadline", $"\"deadline\" is neither {Durations.Expected}, nor an RFC 3339 instant.");
                return null;
            }

            at = now + duration;
        }

        if (at <= now) fields.Add("deadline", "\"deadline\" has passed. Ask for one that lies in the future.");
        return Instants.ToMilliseconds(at);
    }
}
