namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>How much what is known of many counts when it is said when one person reads; measured, by <see cref="PastAndNext"/>.</summary>
/// <param name="InTypes">How much of what is expected of them goes by their <see cref="Chronotypes"/>, 0 to 1; the rest by those like them.</param>
/// <param name="Strength">How many messages, lying there at an hour, that expectation is worth beside their own readings.</param>
internal readonly record struct Trust(double InTypes, double Strength);
