using System.Text.Json;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Json;

namespace CampaignHub.Server.Campaigns;

/// <summary>A person as a template sees them, made up for a sample; whatever is left out is empty.</summary>
public sealed class SampleRecipient
{
    /// <summary>The address; <c>recipient@example.com</c> unless given.</summary>
    /// <example>ann@example.com</example>
    public string? Email { get; set; }

    /// <summary>First name.</summary>
    public string? FirstName { get; set; }

    /// <summary>Last name.</summary>
    public string? LastName { get; set; }

    /// <summary>BCP 47 tag, such as <c>pt-BR</c>.</summary>
    public string? Locale { get; set; }

    /// <summary>ISO 3166-1 code.</summary>
    public string? Country { get; set; }

    /// <summary>ISO 3166-2 code.</summary>
    public string? Region { get; set; }

    /// <summary>Phone number.</summary>
    public string? Phone { get; set; }

    /// <summary>IANA time zone.</summary>
    public string? TimeZone { get; set; }

    /// <summary>Any further values: <c>recipient.attributes.…</c>.</summary>
    public Dictionary<string, JsonElement>? Attributes { get; set; }

    internal TemplateRecipient ToTemplate() => new(Email ?? "recipient@example.com")
    {
        FirstName = FirstName,
        LastName = LastName,
        Locale = Locale,
        Country = Country,
        Region = Region,
        Phone = Phone,
        TimeZone = TimeZone,
        AttributesJson = Attributes is null ? null : JsonSerializer.Serialize(Attributes, ApiJson.Options),
    };

    /// <summary>One of the tenant's people; null where there is no such one.</summary>
    internal static async Task<TemplateRecipient?> FindAsync(TenantTransaction transaction, Guid recipientId) =>
        await transaction.QueryFirstOrDefaultAsync<Row>("""
            SELECT email, first_name, last_name, locale, country, region, phone, time_zone, attributes AS attributes_json
            FROM recipients WHERE tenant_id = @TenantId AND recipient_id = @recipientId
            """, new { transaction.TenantId, recipientId }) is { } r
            ? new TemplateRecipient(r.Email)
            {
                FirstName = r.FirstName,
                LastName = r.LastName,
                Locale = r.Locale,
                Country = r.Country,
                Region = r.Region,
                Phone = r.Phone,
                TimeZone = r.TimeZone,
                AttributesJson = r.AttributesJson,
            }
            : null;

    private sealed record Row
    {
        public string Email { get; init; } = "";
        public string? FirstName { get; init; }
        public string? LastName { get; init; }
        public string? Locale { get; init; }
        public string? Country { get; init; }
        public string? Region { get; init; }
        public string? Phone { get; init; }
        public string? TimeZone { get; init; }
        public string AttributesJson { get; init; } = "{}";
    }
}
