namespace CampaignHub.Server.Platform;

/// <summary>A running node of the service: the same id each time it comes back on its data directory.</summary>
/// <param name="Id">Names it to the others of its cluster.</param>
/// <param name="DataDirectory">The absolute path of the directory that it alone owns.</param>
public sealed record Node(Guid Id, string DataDirectory);
