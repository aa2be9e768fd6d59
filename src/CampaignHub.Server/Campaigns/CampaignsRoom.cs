namespace CampaignHub.Server.Campaigns;

/// <summary>Campaigns and templates.</summary>
internal static class CampaignsRoom
{
    public static IServiceCollection AddCampaigns(this IServiceCollection services) => services
        .AddSingleton<CampaignReadiness>().AddSingleton<TestMail>();
}
