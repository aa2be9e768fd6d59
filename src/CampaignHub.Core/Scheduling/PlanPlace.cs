namespace CampaignHub.Core.Scheduling;

/// <summary>Whose moment is one and the same: a plan is made for each such place and joined to its people.</summary>
/// <param name="TimeZone">Their IANA zone.</param>
/// <param name="HolidayCountry">The country whose holidays they keep; null where holidays don't count or it has none.</param>
/// <param name="Slot">Which part of the window is theirs, from 0; 0 without a window.</param>
public readonly record struct PlanPlace(string TimeZone, string? HolidayCountry = null, int Slot = 0);
