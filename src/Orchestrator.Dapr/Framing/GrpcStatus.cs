namespace Orchestrator.Dapr.Framing;

/// <summary>The status numbers of gRPC. A number that is none of these is kept as it came.</summary>
internal enum GrpcStatus
{
    /// <summary>All went well.</summary>
    Ok = 0,

    /// <summary>The other side gave the call up.</summary>
    Canceled = 1,

    /// <summary>An error of the other side without a kind of its own; the sidecar's usual one.</summary>
    Unknown = 2,

    /// <summary>The request is wrong.</summary>
    InvalidArgument = 3,

    /// <summary>The call took too long.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was named does not exist.</summary>
    NotFound = 5,

    /// <summary>An instance of this id is running.</summary>
    AlreadyExists = 6,

    /// <summary>Not allowed.</summary>
    PermissionDenied = 7,

    /// <summary>A message is larger than allowed, or something has run out.</summary>
    ResourceExhausted = 8,

    /// <summary>The sidecar is not ready for this, such as without a connected stream.</summary>
    FailedPrecondition = 9,

    /// <summary>Given up because of something at the same time.</summary>
    Aborted = 10,

    /// <summary>Beyond the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The other side has no such method.</summary>
    Unimplemented = 12,

    /// <summary>The answer breaks the rules of the protocol.</summary>
    Internal = 13,

    /// <summary>The other side cannot be reached, or the connection broke.</summary>
    Unavailable = 14,

    /// <summary>Data was lost for good.</summary>
    DataLoss = 15,

    /// <summary>The token is missing or wrong.</summary>
    Unauthenticated = 16,
}
