namespace Orchestrator.Service.Security;

/// <summary>A role, everywhere or for the sagas of one definition. Written <c>operator</c> or
/// <c>starter@place-order</c>. Immutable.</summary>
/// <param name="Role">The role.</param>
/// <param name="Definition">The only definition it holds for; null when it holds for all.</param>
internal sealed record Grant(SagaRole Role, string? Definition)
{
    private const char At = '@';

    /// <summary>Reads one; false when the role is not known or the definition is no name.</summary>
    public static bool TryRead(string text, out Grant grant)
    {
        grant = new Grant(SagaRole.Viewer, null);
        var parts = text.Trim().Split(At, 2);
        // Numbers are values of the enumeration too, and nobody means them.
        if (parts[0].Length == 0 || !char.IsAsciiLetter(parts[0][0])) return false;
        if (!Enum.TryParse<SagaRole>(parts[0], ignoreCase: true, out var role)) return false;
        if (parts.Length == 2 && parts[1].Length == 0) return false;
        grant = new Grant(role, parts.Length == 2 ? parts[1] : null);
        return true;
    }

    /// <summary>True when it suffices for a role, for the sagas of a definition or, with null, everywhere.</summary>
    public bool Covers(SagaRole role, string? definition) =>
        Role >= role && (Definition is null || Definition == definition);

    /// <summary>A role as it is written.</summary>
    public static string WordOf(SagaRole role) => role.ToString().ToLowerInvariant();

    /// <inheritdoc />
    public override string ToString() => Definition is null ? WordOf(Role) : WordOf(Role) + At + Definition;
}
