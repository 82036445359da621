namespace Orchestrator.SystemTests.Conformance;

/// <summary>A mistake planted in a copy of the participant in Node, and the check that must name it.</summary>
/// <param name="Name">What the participant does wrong.</param>
/// <param name="Old">Text of the sample.</param>
/// <param name="New">What the copy says instead.</param>
/// <param name="Named">The check that must be broken.</param>
internal sealed record PlantedFault(string Name, string Old, string New, string Named)
{
    internal static IReadOnlyList<PlantedFault> All { get; } =
    [
        new("no bar on a late do",
            "if (!row) return ok(finish(command.key, \"barred\", 410, \"barred\", \"The undo came before the do.\"));",
            "if (!row) return ok();",
            "undo-bars-late-do"),
        new("undo twice",
            "if (isFinal(row)) return ok(row);",
            "if (row.state !== \"undone\" && isFinal(row)) return ok(row);",
            "undo-repeated"),
        new("the expiry ignored", "  setInterval(undoExpired, sweep);", "", "expiry-undoes"),
        new("the answer not stored",
            "const done = commit({ ...fresh, state, output, expiresAt: isArmed ? command.expiresAt : null }, change);\n    return ok(done, done.output);",
            "const done = commit({ ...fresh, state, expiresAt: isArmed ? command.expiresAt : null }, change);\n    return ok(done, output);",
            "do-repeated-held"),
        new("nothing on disk",
            "    while (written < bytes.length)\n      written += fs.writeSync(file, bytes, written, bytes.length - written, length + written);",
            "    void written;",
            "restart-keeps-answers"),
        new("a confirmed step undone by its own clock",
            "if (row.state !== \"held\" || Date.now() < row.expiresAt) continue;",
            "if (isFinal(row) || !row.expiresAt || Date.now() < row.expiresAt) continue;",
            "expiry-after-confirm"),
        new("a confirm after the expiry",
            "if (now >= row.expiresAt) return gone(undo(row, \"expired\", \"The expiry has passed.\"));",
            "",
            "expiry-late-confirm"),
        new("a do after the expiry",
            "if (isArmed && now >= command.expiresAt)\n      return gone(finish(fresh, \"barred\", 410, \"expired\", \"The expiry had passed when the do came.\"));",
            "",
            "do-late"),
        new("other data under the same key",
            "    return problem(409, \"key-reused\", \"This step of this saga came before with other data.\", row);",
            "    return ok(row, row.output);",
            "do-key-reused"),
        new("the time left ignored",
            "    expiresAt = Math.min(expiresAt, receivedAt + Number(remaining));",
            "",
            "expiry-by-remaining"),
    ];
}
