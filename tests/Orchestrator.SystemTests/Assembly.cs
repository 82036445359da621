// Each test starts several programs and measures what they do: two at once would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
