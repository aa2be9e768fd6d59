using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core;
using CampaignHub.Core.Inbound;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Inbound;

/// <summary>Keeps what came back, each report once.</summary>
internal static class InboundReportStore
{
    /// <summary>Lets one mail about a delivery be worked on at a time, until the commit.</summary>
    public static Task LockAsync(TenantTransaction transaction, Guid deliveryId) => transaction.TakeTurnAsync($"inbound {deliveryId}");

    /// <summary>Keeps a report; false where it is kept already.</summary>
    public static async Task<bool> KeepAsync(
        TenantTransaction transaction, ReturnedDelivery delivery, InboundFinding finding, ReadOnlyMemory<byte> identity, Instant now) =>
        await transaction.ExecuteAsync("""
            INSERT INTO inbound_reports (tenant_id, report_id, received_at, digest, delivery_id, campaign_id, recipient_id, class, rule, is_final, code, diagnostic)
            VALUES (@TenantId, @id, @now, @digest, @DeliveryId, @CampaignId, @RecipientId, @kind, @Rule, @IsFinal, @code, @Diagnostic)
            ON CONFLICT (tenant_id, digest) DO NOTHING
            """, new
        {
            transaction.TenantId,
            id = Guid.CreateVersion7(),
            now,
            digest = Digest(delivery, finding, identity.Span),
            delivery.DeliveryId,
            delivery.CampaignId,
            delivery.RecipientId,
            kind = finding.Class.Word(),
            finding.Rule,
            finding.IsFinal,
            code = finding.Code?.ToString(),
            finding.Diagnostic,
        }) == 1;

    /// <summary>Takes addresses out of what mail servers said of these deliveries.</summary>
    public static Task ForgetAddressesAsync(TenantTransaction transaction, Guid[] deliveries) => transaction.ExecuteAsync("""
        UPDATE inbound_reports SET diagnostic = regexp_replace(diagnostic, '[^[:space:]<>"]+@[^[:space:]<>"]+', '…', 'g')
        WHERE tenant_id = @TenantId AND delivery_id = ANY (@deliveries) AND diagnostic LIKE '%@%'
        """, new { transaction.TenantId, deliveries });

    public static Task<IReadOnlyList<InboundReportView>> ListAsync(TenantTransaction transaction, Guid deliveryId, Guid? after, int limit) =>
        transaction.QueryAsync<InboundReportView>("""
            SELECT report_id AS id, delivery_id, received_at, class, rule, is_final, code, diagnostic FROM inbound_reports
            WHERE tenant_id = @TenantId AND delivery_id = @deliveryId AND (@after::uuid IS NULL OR report_id > @after)
            ORDER BY report_id LIMIT @limit
            """, new { transaction.TenantId, deliveryId, after, limit });

    /// <summary>What was said of all that was mailed to a person, the oldest first.</summary>
    public static IAsyncEnumerable<InboundReportView> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) => transaction.StreamAsync<InboundReportView>("""
        SELECT i.report_id AS id, i.delivery_id, i.received_at, i.class, i.rule, i.is_final, i.code, i.diagnostic
        FROM deliveries o
        CROSS JOIN LATERAL (SELECT * FROM inbound_reports WHERE tenant_id = @TenantId AND delivery_id = o.delivery_id OFFSET 0) AS i
        WHERE o.tenant_id = @TenantId AND o.recipient_id = @recipientId ORDER BY i.report_id
        """, new { transaction.TenantId, recipientId });

    /// <summary>How many of the person's deliveries came back since then, none of these for good.</summary>
    public static Task<long> SoftBouncesAsync(TenantTransaction transaction, Guid recipientId, Instant since) => transaction.QuerySingleAsync<long>("""
        SELECT count(DISTINCT delivery_id) FROM inbound_reports
        WHERE tenant_id = @TenantId AND recipient_id = @recipientId AND received_at >= @since AND class IN ('soft', 'full') AND is_final
        """, new { transaction.TenantId, recipientId, since });

    private static byte[] Digest(ReturnedDelivery delivery, InboundFinding finding, ReadOnlySpan<byte> identity) =>
        SHA256.HashData([.. delivery.DeliveryId.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(finding.Class.Word()), 0, .. identity]);
}
