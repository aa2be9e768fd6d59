using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Campaigns;

/// <summary>Lists with people in them, and campaigns to send to them.</summary>
internal static class CampaignSeed
{
    /// <summary>A new list with these addresses, all with this consent.</summary>
    public static async Task<Guid> ListAsync(this TestService service, TestTenant tenant, string consent, params string[] emails)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(tenant.Id, CancellationToken.None);
        var listId = Guid.CreateVersion7();
        await transaction.ExecuteAsync(
            "INSERT INTO lists (tenant_id, list_id, name, created_at) VALUES (@Id, @listId, 'list', now())", new { tenant.Id, listId });
        foreach (var email in emails)
            await transaction.ExecuteAsync(InsertMember, new
            {
                tenant.Id,
                listId,
                email,
                consent,
                recipientId = Guid.CreateVersion7(),
                domain = email[(email.IndexOf('@', StringComparison.Ordinal) + 1)..],
                hash = SHA256.HashData(Encoding.UTF8.GetBytes(email)),
            });
        await transaction.CommitAsync();
        return listId;
    }

    public static async Task<Guid> RecipientIdAsync(this TestService service, TestTenant tenant, string email)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(tenant.Id, CancellationToken.None);
        return await transaction.QuerySingleAsync<Guid>("SELECT recipient_id FROM recipients WHERE tenant_id = @Id AND email = @email", new { tenant.Id, email });
    }

    public static async Task SuppressAsync(this TestService service, TestTenant tenant, string pattern)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(tenant.Id, CancellationToken.None);
        await transaction.ExecuteAsync("""
            INSERT INTO suppressions (tenant_id, suppression_id, pattern, reason, source, created_at)
            VALUES (@Id, @id, @pattern, 'manual', 'api', now())
            """, new { tenant.Id, id = Guid.CreateVersion7(), pattern });
        await transaction.CommitAsync();
    }

    /// <summary>A campaign that lacks nothing but what the list and the relays lack.</summary>
    public static JsonObject Whole(Guid listId) => new()
    {
        ["name"] = "Black Friday",
        ["subject"] = "{{ recipient.first_name | default: 'Hello' }}, 30% off",
        ["from"] = new JsonObject { ["name"] = "Shop", ["email"] = "news@shop.example" },
        ["html"] = """<p>Hi {{ recipient.first_name }}, <a href="https://shop.example/?a=1&amp;b=2">look</a></p>""",
        ["audience"] = new JsonObject { ["list_ids"] = new JsonArray(listId.ToString()) },
        ["schedule"] = new JsonObject { ["strategy"] = "local_time", ["date"] = "2099-11-27", ["time"] = "10:00" },
    };

    private const string InsertMember = """
        WITH person AS (
            INSERT INTO recipients (tenant_id, recipient_id, email, email_key, mail_domain, address_hash, first_name, attributes,
                time_zone, time_zone_source, consent_status, created_at, updated_at)
            VALUES (@Id, @recipientId, @email, @email, @domain, @hash, 'Ann', '{"size": "L"}', 'Asia/Tokyo', 'given', @consent, now(), now())
            RETURNING recipient_id)
        INSERT INTO list_recipients (tenant_id, list_id, recipient_id, added_at) SELECT @Id, @listId, recipient_id, now() FROM person
        """;
}
