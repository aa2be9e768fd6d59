namespace CampaignHub.Core.Scheduling;

/// <summary>What is done with people of whom only a country with several zones is known.</summary>
public enum UnsureZone
{
    /// <summary>They are taken to be where most people of the country are.</summary>
    MostPopulous,

    /// <summary>They get it at the earliest moment, from the one wanted on, that lies in the allowed hours in every zone of the country.</summary>
    Safe,

    /// <summary>They don't get it.</summary>
    Skip,
}
