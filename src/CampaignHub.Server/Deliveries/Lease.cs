namespace CampaignHub.Server.Deliveries;

/// <summary>A worker's hold on the deliveries that it claimed together. Every write of it is fenced by the token.</summary>
/// <param name="Token">Made anew for each claim.</param>
/// <param name="NodeId">The node that holds it: known again after a restart by its data directory.</param>
/// <param name="Seconds">How long it holds without a heartbeat (real time, by the database's clock).</param>
public sealed record Lease(Guid Token, Guid NodeId, int Seconds);
