using System.Collections.Immutable;

namespace Orchestrator.Core.Definitions;

/// <summary>
/// One value of a definition's file, whether it was written in YAML or JSON, with the line it begins on (from 1).
/// Immutable. Whoever makes nodes keeps them no deeper than <see cref="DefinitionLimits.Depth" />.
/// </summary>
public abstract record DefinitionNode
{
    private protected DefinitionNode(int line) => Line = line;

    /// <summary>The line the value begins on, from 1; 0 when there is no file.</summary>
    public int Line { get; }
}

/// <summary>A text.</summary>
public sealed record TextNode(int Line, string Text) : DefinitionNode(Line);

/// <summary>A number, in JSON's own notation, digits as they were written.</summary>
public sealed record NumberNode(int Line, string Json) : DefinitionNode(Line);

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed record BooleanNode(int Line, bool Value) : DefinitionNode(Line);

/// <summary><c>null</c>, in YAML also a property without a value.</summary>
public sealed record NullNode(int Line) : DefinitionNode(Line);

/// <summary>A list.</summary>
public sealed record ListNode(int Line, ImmutableArray<DefinitionNode> Items) : DefinitionNode(Line);

/// <summary>An object; every name occurs once.</summary>
public sealed record ObjectNode(int Line, ImmutableArray<PropertyNode> Properties) : DefinitionNode(Line);

/// <summary>One property of an object.</summary>
/// <param name="Line">The line of the name.</param>
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
public sealed record PropertyNode(int Line, string Name, DefinitionNode Value);
