using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Readers;
using CampaignHub.Server.Demo.Steps;

namespace CampaignHub.Server.Demo.Checking;

/// <summary>All that the demo saw.</summary>
internal sealed record Outcome(
    Import Import, Plan Plan, SentCampaign Sent, Diary Diary, Report Report, SecondCampaign Again, WhatCameIn CameIn, WhatWasHeard Heard)
{
    /// <summary>How many got the campaign: those planned, and those who joined.</summary>
    public long Recipients => Plan.Recipients + CameIn.Buyers.Count;
}
