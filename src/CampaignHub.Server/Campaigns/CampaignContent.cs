using System.Text.Json;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Json;
using AuthoredContent = CampaignHub.Core.Sending.Composing.CampaignContent;

namespace CampaignHub.Server.Campaigns;

/// <summary>A campaign's content, its template's where it has one; what is still missing is null.</summary>
internal sealed record ResolvedContent(string? Subject, string? Html, string? Text)
{
    /// <summary>Subject or HTML, whichever is missing first; null where both are there.</summary>
    public string? Missing => Subject is null ? "subject" : Html is null ? "html" : null;

    /// <summary>Parsed and rewritten. Whatever is stored was checked when it was written.</summary>
    /// <exception cref="InvalidOperationException">Something is missing, or can no longer be read.</exception>
    public PreparedContent Prepare(PreparingOptions options) =>
        PreparedContent.TryPrepare(new AuthoredContent(Subject ?? "", Html ?? "", Text), options, out var prepared, out var problems)
            ? prepared
            : throw new InvalidOperationException($"Stored content can't be prepared: {string.Join(" ", problems.Select(ContentFaults.Describe))}");
}

/// <summary>What a campaign says.</summary>
internal static class CampaignContent
{
    public static async Task<ResolvedContent> ResolveAsync(TenantTransaction transaction, Campaign campaign)
    {
        if (campaign.TemplateId is not { } templateId)
            return new ResolvedContent(campaign.Subject, campaign.Html, campaign.Text);
        var template = (await TemplateStore.FindAsync(transaction, templateId))!;
        return new ResolvedContent(campaign.Subject ?? template.Subject, template.Html, template.Text);
    }

    /// <summary>Fixes what a campaign sends, at its launch: later changes of its template change nothing.</summary>
    public static async Task FreezeAsync(TenantTransaction transaction, Campaign campaign, PublicUrl publicUrl)
    {
        var content = await ResolveAsync(transaction, campaign);
        var prepared = content.Prepare(new PreparingOptions { TrackOpens = campaign.TrackOpens, TrackClicks = campaign.TrackClicks });
        await CampaignStore.FreezeContentAsync(transaction, campaign.CampaignId, JsonSerializer.Serialize(
            Launched(campaign, content) with { TrackingUrl = await TrackingUrl.OfAsync(transaction, publicUrl) }, ApiJson.Options));
        await CampaignStore.FreezeLinksAsync(transaction, campaign.CampaignId, prepared.Links);
    }

    private static LaunchedContent Launched(Campaign campaign, ResolvedContent content) => new()
    {
        CampaignName = campaign.Name,
        Subject = content.Subject!,
        FromName = campaign.FromName ?? "",
        FromEmail = campaign.FromEmail!,
        ReplyTo = campaign.ReplyTo,
        Html = content.Html!,
        Text = content.Text,
        TrackOpens = campaign.TrackOpens,
        TrackClicks = campaign.TrackClicks,
        TrackHoneypot = campaign.TrackHoneypot,
    };
}
