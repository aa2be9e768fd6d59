namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>What is known of somebody before anything of their own.</summary>
/// <param name="Rates">When those like them read, all together.</param>
/// <param name="Types">How common each of the tenant's <see cref="Chronotypes"/> is among them.</param>
internal sealed record LikeThem(HourRates Rates, double[] Types);
