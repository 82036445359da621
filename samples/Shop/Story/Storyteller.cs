namespace Shop.Story;

/// <summary>Tells the story and checks it aloud.</summary>
internal sealed class Storyteller(TextWriter writer)
{
    private const int Columns = 100;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan NowIsh = TimeSpan.FromSeconds(2);

    private readonly bool colours = !Console.IsOutputRedirected;
    private readonly List<string> wrong = [];

    /// <summary>Checks made.</summary>
    internal int Checks { get; private set; }

    /// <summary>What was not as it should be.</summary>
    internal IReadOnlyList<string> Wrong => wrong;

    internal void Title(string text)
    {
        writer.WriteLine();
        writer.WriteLine(Paint("1", text));
        writer.WriteLine(Paint("1", new string('-', text.Length)));
    }

    internal void Say(string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length + word.Length >= Columns)
            {
                writer.WriteLine(line);
                line = "";
            }

            line += line.Length == 0 && word.Length > 0 ? word : $" {word}";
        }

        writer.WriteLine(line);
    }

    /// <summary>Checks what must be so now, or within the two seconds that two machines in a row may need.</summary>
    internal Task CheckAsync<T>(string what, T expected, Func<Task<T>> read) =>
        CheckAsync(what, expected, NowIsh, read);

    /// <summary>Checks what must become so in time, and says what it is.</summary>
    internal async Task CheckAsync<T>(string what, T expected, TimeSpan within, Func<Task<T>> read)
    {
        var until = TimeProvider.System.GetUtcNow() + within;
        while (true)
        {
            var found = await TryAsync(read);
            var isRight = found.Trouble is null && EqualityComparer<T>.Default.Equals(found.Value, expected);
            if (isRight || TimeProvider.System.GetUtcNow() > until)
            {
                Report(what, isRight, $"{expected}", found.Trouble ?? $"{found.Value}");
                return;
            }

            await Task.Delay(LookEvery, TimeProvider.System);
        }
    }

    /// <summary>Checks what is known already.</summary>
    internal void Check<T>(string what, T expected, T found) =>
        Report(what, EqualityComparer<T>.Default.Equals(expected, found), $"{expected}", $"{found}");

    /// <summary>Waits for an instant, saying so.</summary>
    internal async Task WaitUntilAsync(DateTimeOffset instant, string text)
    {
        var left = instant - TimeProvider.System.GetUtcNow();
        Say($"  ... {text} ({Math.Max(0, left.TotalSeconds):0.0} s)");
        if (left > TimeSpan.Zero) await Task.Delay(left, TimeProvider.System);
    }

    private static async Task<(T? Value, string? Trouble)> TryAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return (await read(), null);
        }
        catch (HttpRequestException unreachable)
        {
            return (default, unreachable.Message);
        }
    }

    private void Report(string what, bool isRight, string expected, string found)
    {
        Checks++;
        if (isRight)
        {
            writer.WriteLine($"  {Paint("32", "ok")}    {what}: {found}");
            return;
        }

        wrong.Add($"{what}: {found}, but it should be {expected}");
        writer.WriteLine($"  {Paint("31", "WRONG")} {wrong[^1]}");
    }

    private string Paint(string code, string text) => colours ? $"\e[{code}m{text}\e[0m" : text;
}
