using System.Diagnostics;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.DefinitionFiles;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Definitions;

namespace Orchestrator.Service.Hosting;

/// <summary>
/// Stores the definition files of the configured folder at start, unless equal to any stored version: an old file that
/// still lies there must not undo a PUT. One wrong file stops the start, with everything that is wrong with all of
/// them.
/// </summary>
internal sealed class DefinitionFolder(
    ServiceSettings settings, IDefinitionCatalog catalog, DefinitionCheck check, ILogger<DefinitionFolder> logger)
    : IHostedService
{
    // Stands where a PUT has its X-Actor.
    private const string Actor = "file";

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>Reads all files, then stores them. Throws <see cref="StartRefusedException" />.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var cancel = cancellationToken;
        if (settings.DefinitionsFolder is not { } folder) return;
        var problems = new List<string>();
        var read = new SortedDictionary<string, CheckedDefinition>(StringComparer.Ordinal);
        foreach (var file in Files(folder))
        {
            var result = await ReadAsync(file, cancel);
            problems.AddRange(result.Problems.Select(problem => Line(file, problem)));
            if (result.Definition is not { Name: var name }) continue;
            if (read.Values.Any(other => other.Definition!.Name == name))
                problems.Add($"{file}: another file of the folder has a definition of the name {name} too. Keep one.");
            else
                read.Add(file, result);
        }

        if (problems.Count > 0) throw Refused(problems);
        foreach (var (file, result) in read) await PutAsync(file, result, problems, cancel);
        if (problems.Count > 0) throw Refused(problems);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static StartRefusedException Refused(List<string> problems) =>
        new(string.Join(Environment.NewLine, [.. problems, "The service does not start with wrong definition files."]));

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder)
        .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal);

    private async Task<CheckedDefinition> ReadAsync(string file, CancellationToken cancel)
    {
        if (new FileInfo(file).Length > DefinitionLimits.FileBytes)
        {
            var text = $"The file is larger than {DefinitionLimits.FileBytes} bytes.";
            return new CheckedDefinition(null, [new DefinitionProblem(0, "", text)]);
        }

        var isJson = Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase);
        var format = isJson ? DefinitionFormat.Json : DefinitionFormat.Yaml;
        return check.ReadAnywhere(await File.ReadAllBytesAsync(file, cancel), format);
    }

    private async Task PutAsync(string file, CheckedDefinition read, List<string> problems, CancellationToken cancel)
    {
        switch (await catalog.PutAsync(read.Definition!, PutDefinitionMode.UnlessStored, Actor, cancel))
        {
            case PutDefinitionOutcome.Stored stored:
                logger.DefinitionStored(stored.Definition.Name, stored.Definition.Version, file);
                break;
            case PutDefinitionOutcome.Known:
                break;
            case PutDefinitionOutcome.AddressDiffers differs:
                problems.AddRange(
                    check.AddressDiffers(read, differs.Participants).Select(problem => Line(file, problem)));
                break;
            case PutDefinitionOutcome.Unavailable unavailable:
                problems.Add($"{file}: {unavailable.Text}");
                break;
            case var other:
                throw new UnreachableException($"Unknown outcome {other.GetType().Name}.");
        }
    }

    private static string Line(string file, DefinitionProblem problem)
    {
        var place = problem.Line == 0 ? file : $"{file}:{problem.Line}";
        return problem.Path.Length == 0 ? $"{place}: {problem.Message}" : $"{place}: {problem.Path}: {problem.Message}";
    }
}
