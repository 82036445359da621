using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Engine.DefinitionFiles;

/// <summary>Reads a definition's file. Never throws on what a file contains; safe for any number of threads.</summary>
public static class DefinitionFile
{
    // All but tab, line feed and carriage return.
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Except([0x09, 0x0A, 0x0D]).Append(0x7F).Select(value => (byte)value)]);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a file into a definition with version 0, or into all of its problems at once.</summary>
    /// <param name="utf8">The bytes of the file.</param>
    /// <param name="format">What it is written in, as its content type or its extension says.</param>
    /// <param name="expectedName">
    /// The name it is stored under; another name in the file is a problem. Null for any.
    /// </param>
    public static CheckedDefinition Read(
        ReadOnlySpan<byte> utf8, DefinitionFormat format = DefinitionFormat.Unsaid, string? expectedName = null)
    {
        var text = ReadText(utf8, format);
        if (text.Root is null) return new CheckedDefinition(null, text.Problems);
        var read = DefinitionRules.Check(text.Root, expectedName);
        if (text.Problems.Count == 0) return read;
        var all = text.Problems.Concat(read.Problems).OrderBy(problem => problem.Line);
        return new CheckedDefinition(null, [.. all.Take(DefinitionLimits.Problems)]);
    }

    private static DefinitionText ReadText(ReadOnlySpan<byte> utf8, DefinitionFormat format)
    {
        if (utf8.Length > DefinitionLimits.FileBytes)
            return DefinitionText.Unreadable(1, $"The file is larger than {DefinitionLimits.FileBytes} bytes.");
        if (utf8.StartsWith(ByteOrderMark)) utf8 = utf8[ByteOrderMark.Length..];
        if (ProblemOfBytes(utf8) is { } problem) return problem;
        return IsJson(utf8, format)
            ? JsonDefinitionText.Read(utf8)
            : YamlDefinitionText.Read(Encoding.UTF8.GetString(utf8));
    }

    private static bool IsJson(ReadOnlySpan<byte> utf8, DefinitionFormat format) => format switch
    {
        DefinitionFormat.Unsaid => utf8.TrimStart(" \t\r\n"u8).StartsWith("{"u8),
        DefinitionFormat.Yaml => false,
        DefinitionFormat.Json => true,
        _ => throw new UnreachableException($"Unknown format {format}."),
    };

    private static DefinitionText? ProblemOfBytes(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            var bad = 0;
            while (Rune.DecodeFromUtf8(utf8[bad..], out _, out var length) == OperationStatus.Done) bad += length;
            return DefinitionText.Unreadable(LineOf(utf8, bad), "This is not UTF-8. Save the file as UTF-8.");
        }

        var control = utf8.IndexOfAny(Controls);
        if (control < 0) return null;
        var message = $"The file contains the control character 0x{utf8[control]:X2}. Remove it.";
        return DefinitionText.Unreadable(LineOf(utf8, control), message);
    }

    private static int LineOf(ReadOnlySpan<byte> utf8, int offset) => utf8[..offset].Count((byte)'\n') + 1;
}
