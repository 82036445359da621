using Orchestrator.Databases;

namespace Orchestrator.Tests.Servers;

/// <summary>
/// The tests of this class exist only where <see cref="SqlServerDatabase.Variable" /> names a SQL Server.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsSqlServerAttribute : Attribute;
