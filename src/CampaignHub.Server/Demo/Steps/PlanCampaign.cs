using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Printing;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>The service works out who gets it at which instant.</summary>
internal static class PlanCampaign
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static async Task<Plan> RunAsync(Play play, Guid campaignId)
    {
        play.Printer.Step("Planning");
        var plan = await ComputeAsync(play, campaignId);
        PlanPrint.Print(play.Printer, plan);
        return plan;
    }

    /// <summary>Has a plan computed, and waits for it.</summary>
    public static async Task<Plan> ComputeAsync(Play play, Guid campaignId)
    {
        await play.Hub.PostAsync<Campaign>($"/v1/campaigns/{campaignId}/plan", play.Interrupted);
        var plan = await Waiting.UntilAsync(
            () => play.Hub.GetAsync<Plan>($"/v1/campaigns/{campaignId}/plan", play.Interrupted),
            plan => plan.Status != "computing", "the plan is computed", s_patience, play.Interrupted);
        return plan.Status == "ready" ? plan : throw new DemoFailure($"The plan is {plan.Status}.");
    }
}
