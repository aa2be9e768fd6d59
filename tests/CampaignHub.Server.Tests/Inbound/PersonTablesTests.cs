using System.Text.Json;
using CampaignHub.Server.Inbound;
using CampaignHub.Server.Tests.Platform.Database;

namespace CampaignHub.Server.Tests.Inbound;

/// <summary>Every table whose rows lead to a person: none may be left out of their export by being forgotten.</summary>
public sealed class PersonTablesTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    /// <summary>Table → the part of the export that shows it.</summary>
    private static readonly Dictionary<string, string> s_exported = new(StringComparer.Ordinal)
    {
        ["recipients"] = "recipient",
        ["list_recipients"] = "lists",
        ["lists_left"] = "lists",
        ["consent_history"] = "consent",
        ["form_confirmations"] = "confirmations",
        ["suppressions"] = "suppressions",
        ["deliveries"] = "deliveries",
        ["events"] = "events",
        ["hits"] = "hits",
        ["inbound_reports"] = "inbound_reports",
        ["reading_habits"] = "readings",
        ["storefront_customers"] = "storefronts",
        ["storefront_messages"] = "storefront_messages",
        ["storefront_orders"] = "orders",
    };

    /// <summary>Those that it doesn't show, each with the reason.</summary>
    private static readonly Dictionary<string, string> s_exceptions = new(StringComparer.Ordinal)
    {
        ["first_hits"] = "which of the exported hits count as unique",
        ["hit_networks"] = "keyed hashes of the networks that exported hits came from, for minutes or the tenant's days",
        ["leases"] = "what a worker holds for a minute",
        ["rate_windows"] = "keyed hashes of keys and networks, for an hour",
        ["form_turns"] = "keyed hashes of addresses and networks, for a day",
        ["privacy_requests"] = "the proof of what a shop asked for; listed at /v1/privacy-requests, and names nobody",
        ["provider_events"] = "what becomes an exported report, or is a message of somebody else's; without address, for 30 days",
    };

    /// <summary>Columns of a recipient that their part of the export has under another name or elsewhere, or that say nothing of them.</summary>
    private static readonly string[] s_innerColumns =
    [
        "tenant_id", "recipient_id", "email_key", "mail_domain", "address_hash", "shop_time_zone",
        "consent_status", "consent_source", "consent_at", "consent_evidence", "consent_wording", "consent_ip_country",
    ];

    [Fact]
    public async Task Every_table_that_leads_to_a_person_is_exported_or_named_as_an_exception()
    {
        var tables = await database.ReadAsync("""
            SELECT DISTINCT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = 'campaignhub'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT a.attisdropped
              AND (a.attname IN ('recipient_id', 'recipient_ids', 'delivery_id', 'delivery_ids', 'email', 'email_key', 'address_hash',
                  'person_keys', 'customer_key', 'pattern') OR a.attname = 'subject' AND a.atttypid = 'bytea'::regtype)
            """);

        tables.ShouldBe(s_exported.Keys.Concat(s_exceptions.Keys), ignoreOrder: true);
        typeof(PersonExport).GetProperties().Select(part => JsonNamingPolicy.SnakeCaseLower.ConvertName(part.Name))
            .ShouldBe(s_exported.Values.Append("exported_at").Distinct(), ignoreOrder: true);
    }

    [Fact]
    public async Task Every_column_of_a_recipient_is_exported_or_named_as_an_exception()
    {
        var columns = await database.ReadAsync("""
            SELECT attname::text FROM pg_attribute WHERE attrelid = 'recipients'::regclass AND attnum > 0 AND NOT attisdropped
            """);

        columns.Except(s_innerColumns).ShouldBeSubsetOf(
            typeof(Server.Audience.RecipientView).GetProperties().Select(field => JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Name)));
    }
}
