using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Orchestrator.Databases;

/// <summary>
/// On a test class whose suite also runs elsewhere: its tests are there only while <c>ORCHESTRATOR_SQLSERVER</c> is
/// set.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsSqlServerAttribute : Attribute;

/// <summary>A test of a suite that runs on several databases; see <see cref="NeedsSqlServerAttribute" />.</summary>
[XunitTestCaseDiscoverer("Orchestrator.Databases.DatabaseFactDiscoverer", "Orchestrator.Databases")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class DatabaseFactAttribute : FactAttribute;

/// <summary>The same with data.</summary>
[XunitTestCaseDiscoverer("Orchestrator.Databases.DatabaseTheoryDiscoverer", "Orchestrator.Databases")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class DatabaseTheoryAttribute : TheoryAttribute;

/// <summary>Finds the tests of databases that are there.</summary>
public sealed class DatabaseFactDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    private readonly FactDiscoverer facts = new(messages);

    /// <inheritdoc />
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        IsOn(testMethod) ? facts.Discover(discoveryOptions, testMethod, factAttribute) : [];

    internal static bool IsOn(ITestMethod test) =>
        SqlServerDatabase.IsThere || !test.TestClass.Class.GetCustomAttributes(typeof(NeedsSqlServerAttribute)).Any();
}

/// <summary>Finds the tests with data of databases that are there.</summary>
public sealed class DatabaseTheoryDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    private readonly TheoryDiscoverer theories = new(messages);

    /// <inheritdoc />
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        DatabaseFactDiscoverer.IsOn(testMethod)
            ? theories.Discover(discoveryOptions, testMethod, factAttribute)
            : [];
}
