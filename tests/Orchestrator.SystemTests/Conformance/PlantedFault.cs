namespace Orchestrator.SystemTests.Conformance;

/// <summary>A mistake planted in a copy of the participant in Node, and the check that must name it.</summary>
/// <param name="Name">What the participant does wrong.</param>
/// <param name="Old">Text of the sample.</param>
/// <param name="New">What the copy says instead.</param>
/// <param name="Named">The check that must be broken.</param>
internal sealed record PlantedFault(string Name, string Old, string New, string Named)
{
    private const string End = """
              reply(response, problem(503, "busy", "Nothing was changed. Send it again."));
            }
          });
        """;

    /// <summary>More of it elsewhere in the sample.</summary>
    public IReadOnlyList<(string Old, string New)> Also { get; init; } = [];

    /// <summary>True when the check that is named is the only one to break.</summary>
    public bool IsAlone { get; init; }

    /// <summary>All that is replaced.</summary>
    internal IReadOnlyList<(string Old, string New)> Changes => [(Old, New), .. Also];

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
        // What is done several times at once finds no row, each time; an undo and a confirm wait for it. One after the
        // other all is well.
        new("the row not inserted first",
            "  request.on(\"end\", () => {\n    try {",
            "  request.on(\"end\", () => overlap(request, () => {\n    try {",
            "race-do-do")
        {
            IsAlone = true,
            Also =
            [
                (End, End.Replace("});", "}));", StringComparison.Ordinal)),
                ("function serve(request, response) {",
                """
                const begun = new Map();
                function overlap(request, act) {
                  const attribute = (name) => request.headers[`ce-${name}`];
                  const key = `${attribute("sagaid")}/${attribute("sagastep")}`;
                  const kind = attribute("sagakind") ?? "compensatable";
                  const isDo = attribute("type") === "saga.step.do" && kind === "compensatable";
                  if (!isDo && begun.get(key) > 0) return void setTimeout(overlap, 5, request, act);
                  if (!isDo || ledger.has(key)) return act();
                  begun.set(key, (begun.get(key) ?? 0) + 1);
                  setTimeout(() => {
                    ledger.delete(key);
                    begun.set(key, begun.get(key) - 1);
                    act();
                  }, 25);
                }

                function serve(request, response) {
                """),
            ],
        },
        new("the token not asked for", "  if (!token) return true;", "  if (token) return true;", "token-missing")
        {
            IsAlone = true,
        },
        new("the expiry lost at a restart",
            "if (line) take(JSON.parse(line));",
            "if (line) take(JSON.parse(line, (name, value) => (name === \"expiresAt\" && value ? value + 9e7 : value)));",
            "restart-keeps-expiry")
        {
            IsAlone = true,
        },
        // Each answer comes when both are on disk, so a participant that is let finish loses nothing.
        new("the row on disk before the business change",
            "function commit(row, change) {\n  row.updatedAt = Date.now();",
            """
            let isAnswering = false;
            let later = null;
            function commit(row, change) {
              if (isAnswering && change) [later, change] = [change, undefined];
              if (row) row.updatedAt = Date.now();
            """,
            "restart-under-way")
        {
            IsAlone = true,
            Also =
            [
                ("      reply(response, isTooLarge || answer(request, Buffer.concat(parts), receivedAt));",
                """
                      isAnswering = true;
                      let result;
                      try {
                        result = isTooLarge || answer(request, Buffer.concat(parts), receivedAt);
                      } finally {
                        isAnswering = false;
                      }
                      const change = later;
                      later = null;
                      if (!change) return reply(response, result);
                      setTimeout(() => {
                        commit(null, change);
                        reply(response, result);
                      }, 50);
                """),
            ],
        },
    ];
}
