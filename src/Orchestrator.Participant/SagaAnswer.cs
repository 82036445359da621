namespace Orchestrator.Participant;

/// <summary>Makes the answers of a <c>do</c> handler.</summary>
public static class SagaAnswer
{
    /// <summary>It is done, with this output. Returning the output itself says the same.</summary>
    public static SagaAnswer<TOutput> Done<TOutput>(TOutput output) => SagaAnswer<TOutput>.FromOutput(output);

    /// <summary>
    /// The business says no. Whatever the handler wrote is taken back, the saga is compensated, and the text is shown
    /// to people; it is stored up to 2,000 characters.
    /// </summary>
    /// <param name="text">Why, in words for a person: <c>Only 3 pieces of A1 are left.</c></param>
    public static SagaRefusal Refuse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return new SagaRefusal(text);
    }
}

/// <summary>A business no; see <see cref="SagaAnswer.Refuse" />. It turns into the answer of any step.</summary>
public sealed class SagaRefusal
{
    internal SagaRefusal(string text) => Text = text;

    /// <summary>Why, in words for a person.</summary>
    public string Text { get; }
}

/// <summary>What a <c>do</c> handler answers: an output or a refusal. Immutable.</summary>
/// <typeparam name="TOutput">The output of the step.</typeparam>
public readonly struct SagaAnswer<TOutput> : IEquatable<SagaAnswer<TOutput>>
{
    private SagaAnswer(TOutput? output, SagaRefusal? refusal)
    {
        Output = output;
        Refusal = refusal;
    }

    /// <summary>The output; meaningless when there is a <see cref="Refusal" />.</summary>
    public TOutput? Output { get; }

    /// <summary>The refusal; null when it is done.</summary>
    public SagaRefusal? Refusal { get; }

    internal static SagaAnswer<TOutput> FromOutput(TOutput output) => new(output, null);

    /// <summary>It is done, with this output.</summary>
    public static implicit operator SagaAnswer<TOutput>(TOutput output) => FromOutput(output);

    /// <summary>The business says no.</summary>
    public static implicit operator SagaAnswer<TOutput>(SagaRefusal refusal) =>
        new(default, refusal ?? throw new ArgumentNullException(nameof(refusal)));

    /// <inheritdoc />
    public bool Equals(SagaAnswer<TOutput> other) =>
        EqualityComparer<TOutput?>.Default.Equals(Output, other.Output) && Equals(Refusal, other.Refusal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is SagaAnswer<TOutput> other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Output, Refusal);

    /// <summary>Equality of output and refusal.</summary>
    public static bool operator ==(SagaAnswer<TOutput> left, SagaAnswer<TOutput> right) => left.Equals(right);

    /// <summary>Inequality of output or refusal.</summary>
    public static bool operator !=(SagaAnswer<TOutput> left, SagaAnswer<TOutput> right) => !left.Equals(right);
}
