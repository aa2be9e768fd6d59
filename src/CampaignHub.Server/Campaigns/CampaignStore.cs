using CampaignHub.Core;
using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>Writes and reads campaigns; nothing else does. Their status changes in <see cref="MoveAsync"/>, <see cref="FinishAsync"/> and <see cref="PauseAllAsync"/> and nowhere else.</summary>
internal static class CampaignStore
{
    private const string Columns = """
        campaign_id, name, subject, from_name, from_email, reply_to, html, text, template_id,
        audience AS audience_json, schedule AS schedule_json, track_opens, track_clicks, track_honeypot, when_uncertain,
        status AS status_word, launched_content AS launched_content_json,
        created_at, updated_at, planned_at, launched_at, finished_at, paused_reason
        """;

    public static Task<Campaign?> FindAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.QueryFirstOrDefaultAsync<Campaign>(
            $"SELECT {Columns} FROM campaigns WHERE tenant_id = @TenantId AND campaign_id = @campaignId",
            new { transaction.TenantId, campaignId });

    /// <summary>Whether there is such a campaign, without its content.</summary>
    public static Task<bool> IsKnownAsync(TenantTransaction transaction, Guid campaignId) => transaction.QuerySingleAsync<bool>(
        "SELECT EXISTS (SELECT 1 FROM campaigns WHERE tenant_id = @TenantId AND campaign_id = @campaignId)", new { transaction.TenantId, campaignId });

    /// <summary>Finds it and keeps others from changing it until the commit.</summary>
    public static Task<Campaign?> LockAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.QueryFirstOrDefaultAsync<Campaign>(
            $"SELECT {Columns} FROM campaigns WHERE tenant_id = @TenantId AND campaign_id = @campaignId FOR UPDATE",
            new { transaction.TenantId, campaignId });

    /// <summary>
    /// Takes a locked campaign through the lifecycle. The answer is Core's: <see cref="Transition.To"/> has been
    /// written, anything else has not.
    /// </summary>
    public static async Task<Transition> MoveAsync(
        TenantTransaction transaction, Campaign campaign, CampaignAction action, Instant now, bool waveOpened = false, string? pausedReason = null)
    {
        var transition = CampaignLifecycle.Next(campaign.Status, action, waveOpened);
        if (transition is not Transition.To to)
            return transition;
        await transaction.ExecuteAsync(Move, new
        {
            transaction.TenantId,
            campaign.CampaignId,
            now,
            status = to.Status.Word(),
            planned = action == CampaignAction.Plan,
            unplanned = to.Status == CampaignStatus.Draft,
            launched = action == CampaignAction.Launch,
            ended = CampaignLifecycle.IsFinal(to.Status),
            cancelled = action == CampaignAction.Cancel,
            pausedReason,
        });
        if (EventOf(campaign.Status, action, to.Status) is { } type)
            await TellAsync(transaction, type, campaign.CampaignId, pausedReason, now);
        return transition;
    }

    private static string? EventOf(CampaignStatus from, CampaignAction action, CampaignStatus to) => action switch
    {
        CampaignAction.Plan => EventTypes.CampaignPlanned,
        CampaignAction.Launch or CampaignAction.Start when to == CampaignStatus.Sending && from != to => EventTypes.CampaignStarted,
        CampaignAction.Pause => EventTypes.CampaignPaused,
        CampaignAction.Resume => EventTypes.CampaignResumed,
        CampaignAction.Cancel => EventTypes.CampaignCancelled,
        _ => null,
    };

    private static Task TellAsync(TenantTransaction transaction, string type, Guid campaignId, string? reason, Instant now) =>
        EventLog.AppendAsync(transaction, [new Event(type, now) { CampaignId = campaignId, Reason = reason }], now);

    /// <summary>
    /// Finishes a launched campaign whose waves are done and of whose deliveries none is unfinished, in one statement:
    /// whatever happens beside it, none is finished with something left to do. All of its rows are looked at, once nothing
    /// is left where unfinished ones are found.
    /// </summary>
    public static async Task FinishAsync(TenantTransaction transaction, Guid campaignId, Instant now)
    {
        if (await MarkFinishedAsync(transaction, campaignId, now) > 0)
            await TellAsync(transaction, EventTypes.CampaignFinished, campaignId, null, now);
    }

    private static Task<int> MarkFinishedAsync(TenantTransaction transaction, Guid campaignId, Instant now) => transaction.ExecuteAsync("""
        UPDATE campaigns c SET status = @finished, finished_at = @now, updated_at = @now
        WHERE c.tenant_id = @TenantId AND c.campaign_id = @campaignId AND c.status = ANY (@from)
          AND CASE WHEN nothing_left(@TenantId, @campaignId) THEN NOT EXISTS (
                  SELECT FROM deliveries d WHERE d.tenant_id = @TenantId AND d.campaign_id = @campaignId
                  AND d.state IN ('scheduled', 'sending', 'deferred', 'uncertain')) END
        """, new
    {
        transaction.TenantId,
        campaignId,
        now,
        finished = CampaignStatus.Finished.Word(),
        from = CampaignLifecycle.From(CampaignAction.Finish).Select(status => status.Word()).ToArray(),
    });

    /// <summary>All of a cancelled campaign that wasn't sent has been given up.</summary>
    public static Task GivenUpAsync(TenantTransaction transaction, Guid campaignId) => transaction.ExecuteAsync(
        "UPDATE campaigns SET cancelling = false WHERE tenant_id = @TenantId AND campaign_id = @campaignId", new { transaction.TenantId, campaignId });

    /// <summary>
    /// Pauses every launched campaign for one reason, and says it of those that were paused already too; answers how many.
    /// </summary>
    public static async Task<int> PauseAllAsync(TenantTransaction transaction, string reason, Instant now)
    {
        var paused = await transaction.QueryAsync<Guid>("""
            UPDATE campaigns SET status = @paused, paused_reason = concat_ws(' ', paused_reason, @reason), updated_at = @now
            WHERE tenant_id = @TenantId AND (status = ANY (@from) OR status = @paused)
            RETURNING campaign_id
            """, new
        {
            transaction.TenantId,
            reason,
            now,
            paused = CampaignStatus.Paused.Word(),
            from = CampaignLifecycle.From(CampaignAction.Pause).Select(status => status.Word()).ToArray(),
        });
        await EventLog.AppendAsync(
            transaction, [.. paused.Select(campaign => new Event(EventTypes.CampaignPaused, now) { CampaignId = campaign, Reason = reason })], now);
        return paused.Count;
    }

    public static Task InsertAsync(TenantTransaction transaction, Campaign campaign) => transaction.ExecuteAsync("""
        INSERT INTO campaigns (tenant_id, campaign_id, name, subject, from_name, from_email, reply_to, html, text, template_id,
            audience, schedule, track_opens, track_clicks, track_honeypot, when_uncertain, created_at, updated_at)
        VALUES (@TenantId, @CampaignId, @Name, @Subject, @FromName, @FromEmail, @ReplyTo, @Html, @Text, @TemplateId,
            @AudienceJson::jsonb, @ScheduleJson::jsonb, @TrackOpens, @TrackClicks, @TrackHoneypot, @WhenUncertain, @CreatedAt, @UpdatedAt)
        """, Row(transaction, campaign));

    /// <summary>Writes the fields of a draft; its status is not among them.</summary>
    public static Task UpdateAsync(TenantTransaction transaction, Campaign campaign) => transaction.ExecuteAsync("""
        UPDATE campaigns
        SET name = @Name, subject = @Subject, from_name = @FromName, from_email = @FromEmail, reply_to = @ReplyTo,
            html = @Html, text = @Text, template_id = @TemplateId, audience = @AudienceJson::jsonb, schedule = @ScheduleJson::jsonb,
            track_opens = @TrackOpens, track_clicks = @TrackClicks, track_honeypot = @TrackHoneypot, when_uncertain = @WhenUncertain, updated_at = @UpdatedAt
        WHERE tenant_id = @TenantId AND campaign_id = @CampaignId
        """, Row(transaction, campaign));

    public static Task DeleteAsync(TenantTransaction transaction, Guid campaignId) => transaction.ExecuteAsync(
        "DELETE FROM campaigns WHERE tenant_id = @TenantId AND campaign_id = @campaignId", new { transaction.TenantId, campaignId });

    public static Task<IReadOnlyList<Campaign>> ListAsync(TenantTransaction transaction, Guid? before, int limit) =>
        transaction.QueryAsync<Campaign>($"""
            SELECT {Columns} FROM campaigns
            WHERE tenant_id = @TenantId AND (@before::uuid IS NULL OR campaign_id < @before)
            ORDER BY campaign_id DESC LIMIT @limit
            """, new { transaction.TenantId, before, limit });

    /// <summary>Keeps what a launched campaign sends.</summary>
    public static Task FreezeContentAsync(TenantTransaction transaction, Guid campaignId, string launchedContentJson) =>
        transaction.ExecuteAsync("""
            UPDATE campaigns SET launched_content = @launchedContentJson::jsonb WHERE tenant_id = @TenantId AND campaign_id = @campaignId
            """, new { transaction.TenantId, campaignId, launchedContentJson });

    /// <summary>Keeps what the indexes in click tokens stand for.</summary>
    public static Task FreezeLinksAsync(TenantTransaction transaction, Guid campaignId, IReadOnlyList<CampaignLink> links) =>
        transaction.ExecuteAsync("""
            INSERT INTO campaign_links (tenant_id, campaign_id, link_index, url, dynamic)
            SELECT @TenantId, @campaignId, index, url, dynamic FROM unnest(@indexes, @urls, @dynamic) AS l (index, url, dynamic)
            """, new
        {
            transaction.TenantId,
            campaignId,
            indexes = links.Select(l => l.Index).ToArray(),
            urls = links.Select(l => l.Url).ToArray(),
            dynamic = links.Select(l => l.IsDynamic).ToArray(),
        });

    private static object Row(TenantTransaction transaction, Campaign c) => new
    {
        transaction.TenantId,
        c.CampaignId,
        c.Name,
        c.Subject,
        c.FromName,
        c.FromEmail,
        c.ReplyTo,
        c.Html,
        c.Text,
        c.TemplateId,
        c.AudienceJson,
        c.ScheduleJson,
        c.TrackOpens,
        c.TrackClicks,
        c.TrackHoneypot,
        c.WhenUncertain,
        c.CreatedAt,
        c.UpdatedAt,
    };

    private const string Move = """
        UPDATE campaigns
        SET status = @status,
            updated_at = @now,
            planned_at = CASE WHEN @planned THEN @now WHEN @unplanned THEN NULL ELSE planned_at END,
            launched_at = CASE WHEN @launched THEN @now ELSE launched_at END,
            finished_at = CASE WHEN @ended THEN @now ELSE finished_at END,
            paused_reason = @pausedReason,
            cancelling = @cancelled
        WHERE tenant_id = @TenantId AND campaign_id = @CampaignId
        """;
}
