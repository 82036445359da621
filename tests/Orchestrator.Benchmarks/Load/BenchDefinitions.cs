namespace Orchestrator.Benchmarks.Load;

/// <summary>The definitions under load.</summary>
internal static class BenchDefinitions
{
    /// <summary>The deadline of <see cref="Timed" />.</summary>
    public static readonly TimeSpan TimedDeadline = TimeSpan.FromSeconds(3);

    /// <summary>S3+confirm: three compensatable steps, then three confirms in parallel.</summary>
    public static string Bench(string participant, Uri url) => $$"""
        name: bench
        deadline: 5m
        participants:
          {{participant}}: { url: "{{url}}" }
        steps:
          - { name: one, participant: {{participant}}, input: { sku: $.input.sku, quantity: $.input.quantity } }
          - { name: two, participant: {{participant}}, input: { amount: $.input.amount, first: $.steps.one.output.id } }
          - { name: three, participant: {{participant}}, input: { order: $.input.order, two: $.steps.two.output.id } }
        output: { id: $.steps.three.output.id }
        """;

    /// <summary>Its only step cannot be done for hours: the saga waits on its timers.</summary>
    public static string Parked(string participant, Uri url) => $$"""
        name: parked
        deadline: 20h
        maxDeadline: 24h
        retry: { first: 10h, longest: 10h }
        participants:
          {{participant}}: { url: "{{url}}" }
        steps:
          - { name: wait, participant: {{participant}}, action: busy, input: { order: $.input.order } }
        """;

    /// <summary>Its only step is tried again about twice a second and never done, until the deadline.</summary>
    public static string Timed(string participant, Uri url) => $$"""
        name: timed
        deadline: {{TimedDeadline.TotalSeconds}}s
        guard: 100ms
        retry: { first: 500ms, longest: 500ms }
        participants:
          {{participant}}: { url: "{{url}}" }
        steps:
          - { name: wait, participant: {{participant}}, action: busy, input: { order: $.input.order } }
        """;
}
