using System.Text.Json;
using System.Text.Unicode;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Bodies;

/// <summary>
/// Says whether bytes are one JSON value that everybody behind us can read: valid UTF-8, not too deep, no half
/// surrogate pairs.
/// </summary>
internal static class JsonCheck
{
    /// <summary>Null when the bytes are fine.</summary>
    public static Problem? Check(ReadOnlySpan<byte> utf8)
    {
        if (IsBlank(utf8))
            return BodyProblems.Malformed("The body is empty; it must be a JSON value, for instance null or {}.");
        if (!Utf8.IsValid(utf8)) return BodyProblems.Malformed("The body is not valid UTF-8.");
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            return Walk(ref reader, utf8);
        }
        catch (JsonException e)
        {
            return BodyProblems.Malformed(
                $"The body is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} of that line: "
                + $"{Cause(e)}");
        }
    }

    private static Problem? Walk(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        while (reader.Read())
        {
            if (reader.CurrentDepth >= ServiceLimits.JsonDepth
                && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                return BodyProblems.TooDeep(LineOf(utf8, reader.TokenStartIndex));
            }

            if (reader.ValueIsEscaped && HasLoneSurrogate(reader.ValueSpan))
            {
                return BodyProblems.Malformed(
                    $"The body is not JSON: line {LineOf(utf8, reader.TokenStartIndex)} has half of a surrogate pair "
                    + "in a text.");
            }
        }

        return null;
    }

    /// <summary>The reader's words without the place, which it appends and we name better.</summary>
    private static string Cause(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    private static bool IsBlank(ReadOnlySpan<byte> utf8) => utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private static int LineOf(ReadOnlySpan<byte> utf8, long index) => utf8[..(int)index].Count((byte)'\n') + 1;

    /// <summary>
    /// The escapes of a text that the reader has checked are well formed, so only the pairs are left to look at.
    /// </summary>
    private static bool HasLoneSurrogate(ReadOnlySpan<byte> text)
    {
        var high = false;
        for (var i = 0; i < text.Length; i++)
        {
            var unit = 0;
            if (text[i] == '\\')
            {
                i++;
                if (text[i] == 'u')
                {
                    unit = Convert.ToInt32(System.Text.Encoding.ASCII.GetString(text.Slice(i + 1, 4)), 16);
                    i += 4;
                }
            }

            var low = unit is >= 0xDC00 and <= 0xDFFF;
            if (low != high) return true;
            high = unit is >= 0xD800 and <= 0xDBFF;
        }

        return high;
    }
}
