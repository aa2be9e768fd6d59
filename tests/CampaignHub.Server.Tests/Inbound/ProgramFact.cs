namespace CampaignHub.Server.Tests.Inbound;

/// <summary>A fact about programs that Debian has packages of; skipped, saying so, where they aren't installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string packages, params string[] programs)
    {
        (Packages, Programs) = (packages, programs);
        if (Array.Find(programs, program => !File.Exists(program)) is { } missing)
            Skip = $"{missing} is absent: apt-get install {packages} brings it.";
        else if (!Environment.IsPrivilegedProcess)
            Skip = "It starts servers that want to be started by root.";
    }

    public string Packages { get; }

    public IReadOnlyList<string> Programs { get; }
}
