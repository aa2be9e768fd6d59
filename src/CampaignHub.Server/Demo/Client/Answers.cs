using NodaTime;

namespace CampaignHub.Server.Demo.Client;

// What the demo reads of the API's answers; the whole of them stands in openapi/campaignhub.v1.json.

internal sealed record Created(Guid Id);

internal sealed record Tenant(Guid Id, string ApiKey);

internal sealed record Domain(Guid Id, bool Verified, string? Problem, IReadOnlyList<DomainRecord> Records);

internal sealed record DomainRecord(string Host, string Type, string? Value);

internal sealed record Storefront(Guid Id, string WebhookUrl, StorefrontMessages Messages);

internal sealed record StorefrontMessages(long Received, long Pending, long Processed);

internal sealed record Webhook(Guid Id, string Secret);

internal sealed record RecipientPage(IReadOnlyList<Recipient> Data);

internal sealed record Recipient(Guid Id, bool Suppressed);

internal sealed record RelayCheck(bool Ok, string? Advice);

internal sealed record Import(
    Guid Id, string Status, ImportFailure? Failure, long Rows, long Created, long Updated, long Duplicates, long Invalid, ImportConsent Consent)
{
    public long People => Created + Updated;
}

internal sealed record ImportFailure(string Code, string Message);

internal sealed record ImportConsent(long Granted, long Unknown, long Withdrawn);

internal sealed record Readiness(bool Ready, IReadOnlyList<Finding> Blockers, IReadOnlyList<Finding> Warnings);

internal sealed record Finding(string Code, long Count, string Message, string Fix);

internal sealed record Campaign(Guid Id, string Status, IReadOnlyDictionary<string, long> Deliveries);

internal sealed record Plan(
    string Status, string? Tzdb, long Recipients, long Joined, IReadOnlyDictionary<string, long> Excluded,
    IReadOnlyDictionary<string, long> ZoneSources, IReadOnlyList<PlannedInstant> Instants);

internal sealed record PlannedInstant(Instant? DueAt, long Recipients, Guid? WaveId, string? WaveStatus, IReadOnlyList<PlannedZone> Zones);

internal sealed record PlannedZone(string TimeZone, string? Local, string Adjustment, long Recipients);

internal sealed record Delivery(Guid Id, string? Email, string State, string? MessageId, Timing Timing);

internal sealed record Timing(string TimeZone, string Rule, string? Local, Instant? DueAt);

internal sealed record Report(
    Instant AsOf, IReadOnlyDictionary<string, long> Deliveries, Views Opens, Views Clicks, long Unsubscribes, Bounces Bounces, long Complaints,
    long Orders, IReadOnlyDictionary<string, decimal> Revenue);

internal sealed record Bounces(long Hard, long Soft);

internal sealed record EventPage(IReadOnlyList<HappenedEvent> Data, string NextCursor);

internal sealed record HappenedEvent(Guid Id);

internal sealed record Views(Measure All, Measure WithoutPrivacyProxies, Measure Human);

internal sealed record Measure(long Hits, long Unique, decimal? Rate);

internal sealed record Breakdown(IReadOnlyList<BreakdownRow> Data);

internal sealed record BreakdownRow(string? Key, long Accepted, Views Opens, Views Clicks);
