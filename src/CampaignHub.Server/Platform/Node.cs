namespace CampaignHub.Server.Platform;

/// <summary>A running node of the service: the same id each time it comes back on its data directory.</summary>
public sealed record Node(Guid Id);
