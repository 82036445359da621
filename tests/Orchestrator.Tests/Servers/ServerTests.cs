using System.Reflection;
using Orchestrator.Databases;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Orchestrator.Tests.Servers.ServerTests", "Orchestrator.Tests")]

namespace Orchestrator.Tests.Servers;

/// <summary>
/// Finds tests as xunit does, but leaves out the classes on SQL Server where there is none: a skipped test says
/// nothing, and a suite that is written once for all databases cannot know which of them there are.
/// </summary>
internal sealed class ServerTests(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new Discoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(
        IAssemblyInfo assembly, ISourceInformationProvider sources, IMessageSink messages)
        : XunitTestFrameworkDiscoverer(assembly, sources, messages)
    {
        protected override bool IsValidTestClass(ITypeInfo type) =>
            base.IsValidTestClass(type)
            && (SqlServerDatabase.IsThere
                || type.ToRuntimeType().GetCustomAttribute<NeedsSqlServerAttribute>() is null);
    }
}
