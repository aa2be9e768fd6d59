using System.Data.Common;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Scheduling;

/// <summary>Reads all deliveries of a search as text, row by row and in no order: an order would have to be made first.</summary>
internal static class DeliveryExport
{
    public static Task<DbDataReader> ReadAsync(TenantTransaction transaction, DeliverySearch search) => transaction.ReadAsync($"""
        SELECT d.delivery_id::text AS id, d.campaign_id::text AS campaign_id, d.recipient_id::text AS recipient_id, d.email, d.mail_domain,
               {DeliveryStore.ShownState} AS state, d.attempts::text AS attempts, {Utc("coalesce(d.not_before, z.due_at)")} AS due_at, d.message_id,
               d.relay_id::text AS relay_id, d.smtp_reply, d.reason, {Utc("d.updated_at")} AS updated_at,
               z.time_zone, d.time_zone_source, z.rule, to_char(z.local_time, 'YYYY-MM-DD"T"HH24:MI') AS local, z.adjustment
        FROM deliveries d
        JOIN plan_zones z ON z.tenant_id = @TenantId AND z.campaign_id = d.campaign_id AND z.zone_number = d.zone_number
        WHERE d.tenant_id = @TenantId{search.Indexed}{search.Examined}
        """, new { transaction.TenantId, search.CampaignId, search.State, search.RelayId, search.MailDomain, search.Reason, search.Reply });

    private static string Utc(string instant) => $"""to_char({instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""";
}
