using CampaignHub.Core;
using CampaignHub.Core.Reports;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>Writes and reads what became of attempts by relay, mail domain and hour; nothing else does.</summary>
internal static class DeliveryHourStore
{
    /// <summary>An accepted message took long when its answer came later than this after its first attempt began: no dialogue in good order does.</summary>
    public static readonly Duration Slow = Duration.FromSeconds(10);

    private const int MostSamples = 3;

    /// <summary>Folds a stretch of the log; the caller moves the cursor past it in the same transaction.</summary>
    public static Task<int> FoldAsync(TenantTransaction transaction, long after, long through) => transaction.ExecuteAsync(
        SqlFiles.Read("FoldDeliveryHours"), new
        {
            transaction.TenantId,
            after,
            through,
            types = (string[])[EventTypes.Accepted, EventTypes.Rejected, EventTypes.Deferred],
            outcomes = (string[])["accepted", AnomalyKind.Rejected.Word(), AnomalyKind.Deferred.Word()],
            withdrawn = DeliveryOutcome.WithdrawnRule,
            slowSeconds = Slow.TotalSeconds,
            mostSamples = MostSamples,
        });

    /// <summary>The hours from one instant, a full hour, up to another that can be judged, newest first.</summary>
    public static Task<IReadOnlyList<DeliveryHour>> ReadAsync(TenantTransaction transaction, Instant from, Instant to) =>
        transaction.QueryAsync<DeliveryHour>(SqlFiles.Read("HoursToJudge"), new
        {
            transaction.TenantId,
            from,
            to,
            usualHours = AnomalyRule.UsualHours,
            least = AnomalyRule.LeastMessages,
        });

    /// <summary>What relays said to the samples of each of these, by its place among them.</summary>
    public static async Task<ILookup<int, string>> ReadRepliesAsync(TenantTransaction transaction, IReadOnlyList<Anomaly> anomalies) =>
        (await transaction.QueryAsync<(int Place, string Reply)>("""
            SELECT DISTINCT a.place::int, d.smtp_reply
            FROM unnest(@relayIds, @mailDomains, @hours, @kinds) WITH ORDINALITY AS a (relay_id, mail_domain, hour, kind, place)
            JOIN delivery_hours h ON h.tenant_id = @TenantId AND h.hour = a.hour AND h.relay_id = a.relay_id
                AND h.mail_domain = a.mail_domain AND h.outcome = a.kind
            CROSS JOIN unnest(h.samples) AS s (delivery_id)
            JOIN deliveries d ON d.tenant_id = @TenantId AND d.delivery_id = s.delivery_id AND d.smtp_reply IS NOT NULL
            ORDER BY 1, 2
            """, new
        {
            transaction.TenantId,
            relayIds = anomalies.Select(a => a.RelayId).ToArray(),
            mailDomains = anomalies.Select(a => a.MailDomain).ToArray(),
            hours = anomalies.Select(a => a.Hour).ToArray(),
            kinds = anomalies.Select(a => a.Kind).ToArray(),
        })).ToLookup(r => r.Place - 1, r => r.Reply);
}

/// <summary>The attempts of an hour at one relay and domain, and those of the 28 days before it.</summary>
internal sealed record DeliveryHour
{
    public Guid RelayId { get; init; }
    public string MailDomain { get; init; } = "";
    public Instant Hour { get; init; }
    public long Accepted { get; init; }
    public long Rejected { get; init; }
    public long Deferred { get; init; }
    public long Late { get; init; }
    public long UsualAccepted { get; init; }
    public long UsualRejected { get; init; }
    public long UsualDeferred { get; init; }
    public long UsualLate { get; init; }

    /// <summary>The hour's share in a kind of trouble, and the usual one.</summary>
    public (Proportion Now, Proportion Usual) Of(AnomalyKind kind)
    {
        var (attempts, usualAttempts) = (Accepted + Rejected + Deferred, UsualAccepted + UsualRejected + UsualDeferred);
        return kind switch
        {
            AnomalyKind.Rejected => (new(Rejected, attempts), new(UsualRejected, usualAttempts)),
            AnomalyKind.Deferred => (new(Deferred, attempts), new(UsualDeferred, usualAttempts)),
            AnomalyKind.Latency => (new(Late, Accepted), new(UsualLate, UsualAccepted)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind."),
        };
    }
}
