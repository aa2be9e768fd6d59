using CampaignHub.Server.Demo.Client;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>From here on the service acts by itself, wave by wave.</summary>
internal static class LaunchCampaign
{
    public static async Task RunAsync(Play play, Guid campaignId)
    {
        play.Printer.Step("Launching: each wave wakes at its instant, and people read what they get");
        await play.Hub.PostAsync<Campaign>($"/v1/campaigns/{campaignId}/launch", play.Interrupted);
    }
}
