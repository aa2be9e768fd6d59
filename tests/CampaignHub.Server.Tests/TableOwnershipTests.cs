using System.Text.RegularExpressions;

namespace CampaignHub.Server.Tests;

/// <summary>
/// A table is written by one room and by no other; joins may read it from anywhere. And business time comes as a
/// parameter: no statement asks the database what time it is.
/// </summary>
public sealed partial class TableOwnershipTests
{
    private static readonly Dictionary<string, string> Owners = new(StringComparer.Ordinal)
    {
        ["installation"] = "Platform",
        ["idempotency_keys"] = "Platform",
        ["rate_windows"] = "Platform",
        ["tenants"] = "Tenancy",
        ["api_keys"] = "Tenancy",
        ["recipients"] = "Audience",
        ["consent_history"] = "Audience",
        ["lists"] = "Audience",
        ["list_recipients"] = "Audience",
        ["lists_left"] = "Audience",
        ["suppressions"] = "Audience",
        ["segments"] = "Audience",
        ["imports"] = "Audience",
        ["import_errors"] = "Audience",
        ["storefronts"] = "Storefronts",
        ["storefront_messages"] = "Storefronts",
        ["storefront_customers"] = "Storefronts",
        ["storefront_orders"] = "Storefronts",
        ["storefront_syncs"] = "Storefronts",
        ["privacy_requests"] = "Storefronts",
        ["domains"] = "Domains",
        ["dkim_pairs"] = "Domains",
        ["relays"] = "Relays",
        ["relay_regions"] = "Relays",
        ["relay_standing"] = "Relays",
        ["relay_nodes"] = "Relays",
        ["relay_days"] = "Relays",
        ["forms"] = "Forms",
        ["form_confirmations"] = "Forms",
        ["form_turns"] = "Forms",
        ["deliveries"] = "Deliveries",
        ["leases"] = "Deliveries",
        ["claim_positions"] = "Deliveries",
        ["campaign_rates"] = "Deliveries",
        ["policy_windows"] = "Deliveries",
        ["templates"] = "Campaigns",
        ["campaigns"] = "Campaigns",
        ["campaign_links"] = "Campaigns",
        ["plans"] = "Scheduling",
        ["plan_zones"] = "Scheduling",
        ["waves"] = "Scheduling",
        ["holidays"] = "Scheduling",
        ["frequency_caps"] = "Scheduling",
        ["plan_moves"] = "Scheduling",
        ["reading_habits"] = "Scheduling",
        ["reading_cursors"] = "Scheduling",
        ["hits"] = "Tracking",
        ["hit_networks"] = "Tracking",
        ["zone_cursors"] = "Tracking",
        ["inbound_reports"] = "Inbound",
        ["complaint_counts"] = "Inbound",
        ["bounce_mailboxes"] = "Inbound",
        ["bounce_mailbox_messages"] = "Inbound",
        ["provider_feeds"] = "Inbound",
        ["provider_posts"] = "Inbound",
        ["provider_events"] = "Inbound",
        ["events"] = "Events",
        ["event_sequences"] = "Events",
        ["report_cursors"] = "Reports",
        ["report_seals"] = "Reports",
        ["first_hits"] = "Reports",
        ["rollups"] = "Reports",
        ["delivery_hours"] = "Reports",
        ["reclassifications"] = "Reports",
        ["reclassification_changes"] = "Reports",
        ["webhooks"] = "Webhooks",
        ["webhook_calls"] = "Webhooks",
    };

    /// <summary>Writes from elsewhere, each for a reason.</summary>
    private static readonly HashSet<(string Room, string Table)> Exceptions =
    [
        // Authentication notes when a key was last used; it runs before any room does.
        ("Platform", "api_keys"),
        // Unsubscribing withdraws consent: one of the two ways back upstream.
        ("Tracking", "recipients"),
    ];

    [Fact]
    public void Every_table_of_the_schema_has_an_owner() =>
        Sources.All.SelectMany(file => CreatePattern().Matches(file.Text))
            .Where(match => !match.Groups["rest"].Value.StartsWith("PARTITION OF", StringComparison.Ordinal))
            .Select(match => match.Groups["table"].Value)
            .Except(Sources.All.SelectMany(file => DropPattern().Matches(file.Text)).SelectMany(match => match.Groups["table"].Captures).Select(table => table.Value))
            .ShouldBe(Owners.Keys, ignoreOrder: true);

    [Fact]
    public void Only_a_tables_own_room_writes_it() =>
        (from file in Sources.All
         where file.Path.StartsWith("src/", StringComparison.Ordinal)
         from match in WritePattern().Matches(file.Text)
         let table = match.Groups["table"].Value
         where Owners.TryGetValue(table, out var owner) && owner != file.Room && !Exceptions.Contains((file.Room, table))
         select $"{file.Path}: {match.Value}").ShouldBeEmpty();

    [Fact]
    public void The_scan_finds_what_it_looks_for() =>
        Sources.All.Where(file => file.Room == "Deliveries").SelectMany(file => WritePattern().Matches(file.Text))
            .Select(match => match.Groups["table"].Value).Distinct().ShouldBe(["deliveries", "leases", "claim_positions", "campaign_rates", "policy_windows"], ignoreOrder: true);

    [Fact]
    public void No_statement_asks_the_database_for_business_time() =>
        (from file in Sources.All
         from match in ClockPattern().Matches(file.Text)
         select $"{file.Path}: {match.Value}").ShouldBeEmpty();

    [GeneratedRegex(@"\bCREATE (UNLOGGED )?TABLE (IF NOT EXISTS )?(?<table>[a-z_]+) (?<rest>\(|PARTITION OF)")]
    private static partial Regex CreatePattern();

    [GeneratedRegex(@"\bDROP TABLE (?<table>[a-z_]+)(, (?<table>[a-z_]+))*;")]
    private static partial Regex DropPattern();

    [GeneratedRegex(@"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(\s+TABLE)?|COPY)\s+(ONLY\s+)?(campaignhub\.)?(?<table>[a-z_]+)\b")]
    private static partial Regex WritePattern();

    // clock_timestamp() stays: it is real time, which leases and heartbeats run on.
    [GeneratedRegex(@"(?<![.\w])(now|NOW)\(\)|\b((CURRENT_|current_)(TIMESTAMP|timestamp|DATE|date|TIME|time)|LOCALTIMESTAMP|LOCALTIME)\b|\b(transaction|statement)_timestamp\(|\btimeofday\(")]
    private static partial Regex ClockPattern();
}
