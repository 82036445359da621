namespace Orchestrator.Service.Security;

/// <summary>What somebody may do. Each role may do what those before it may.</summary>
internal enum SagaRole
{
    /// <summary>Reads, but no field a definition marks as secret.</summary>
    Viewer,

    /// <summary>Starts sagas.</summary>
    Starter,

    /// <summary>Uses verbs on sagas, one or many, and sees secret fields.</summary>
    Operator,

    /// <summary>Changes definitions and participants, deletes sagas, tries alerts.</summary>
    Admin,
}
