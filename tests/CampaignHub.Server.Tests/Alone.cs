namespace CampaignHub.Server.Tests;

/// <summary>Classes that measure what the whole process holds: beside others they would measure these too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
