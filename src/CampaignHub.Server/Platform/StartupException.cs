namespace CampaignHub.Server.Platform;

/// <summary>
/// The service cannot start for a reason that the operator can mend. The message is one sentence that says what is
/// wrong and what to do; it is printed without a stack trace and the process ends with exit status 1.
/// </summary>
public sealed class StartupException : Exception
{
    public StartupException() { }

    public StartupException(string message) : base(message) { }

    public StartupException(string message, Exception innerException) : base(message, innerException) { }
}
