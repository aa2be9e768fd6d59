using CampaignHub.Server.Platform.Database;
namespace CampaignHub.Server.Campaigns;
public sealed record ReadinessFinding(string Code, long Count, string Message, string Fix);
public sealed record Readiness(bool Ready, IReadOnlyList<ReadinessFinding> Blockers, IReadOnlyList<ReadinessFinding> Warnings);
public sealed class CampaignReadiness
{
#pragma warning disable CA1822
    internal Task<Readiness> OfAsync(TenantTransaction transaction, Campaign campaign) => Task.FromResult(new Readiness(true, [], []));
}
internal static class CampaignContent
{
    public static Task FreezeAsync(TenantTransaction transaction, Campaign campaign) => Task.CompletedTask;
}
