using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;

namespace Orchestrator.Participant.Sql;

/// <summary>
/// Reads a driver's own error number. The library references no driver, and two of the three do not pass their number
/// on through <see cref="DbException" />.
/// </summary>
internal static class DriverCode
{
    private static readonly ConcurrentDictionary<(Type Type, string Property), PropertyInfo?> Properties = new();

    internal static int? Read(DbException exception, string property) =>
        Properties.GetOrAdd((exception.GetType(), property), static key => key.Type.GetProperty(key.Property))
            ?.GetValue(exception) as int?;
}
