using CampaignHub.Server.Platform.Database;
using Npgsql;

namespace CampaignHub.Server.Audience;

/// <summary>Writes and reads recipients one by one; imports merge whole sets beside it. Consent alone: <see cref="ConsentStore"/>.</summary>
internal static class RecipientStore
{
    private const string Columns = """
        r.recipient_id, r.email, r.email_key, r.mail_domain, r.address_hash, r.first_name, r.last_name, r.locale, r.country, r.region,
        r.phone, r.time_zone, r.time_zone_source, r.time_zone_confidence, r.shop_time_zone, r.attributes AS attributes_json, r.tracking, r.max_frequency, r.chosen, r.consent_status, r.consent_source, r.consent_at,
        r.created_at, r.updated_at,
        EXISTS (SELECT 1 FROM suppressions s
                WHERE s.tenant_id = @TenantId AND s.pattern = ANY (suppression_candidates(r.email_key, r.mail_domain))) AS suppressed,
        ARRAY(SELECT l.list_id FROM list_recipients l
              WHERE l.tenant_id = @TenantId AND l.recipient_id = r.recipient_id ORDER BY l.list_id) AS lists,
        ARRAY(SELECT f.list_id FROM lists_left f
              WHERE f.tenant_id = @TenantId AND f.recipient_id = r.recipient_id ORDER BY f.list_id) AS lists_left
        """;

    public static Task<Recipient?> FindAsync(TenantTransaction transaction, Guid recipientId) =>
        transaction.QueryFirstOrDefaultAsync<Recipient>(
            $"SELECT {Columns} FROM recipients r WHERE r.tenant_id = @TenantId AND r.recipient_id = @recipientId",
            new { transaction.TenantId, recipientId });

    /// <summary>Finds them and keeps others from changing them until the commit.</summary>
    public static Task<Recipient?> LockAsync(TenantTransaction transaction, Guid recipientId) =>
        transaction.QueryFirstOrDefaultAsync<Recipient>(
            $"SELECT {Columns} FROM recipients r WHERE r.tenant_id = @TenantId AND r.recipient_id = @recipientId FOR NO KEY UPDATE OF r",
            new { transaction.TenantId, recipientId });

    /// <summary>The same, by what makes an address the same address.</summary>
    public static Task<Recipient?> LockByKeyAsync(TenantTransaction transaction, string emailKey) =>
        transaction.QueryFirstOrDefaultAsync<Recipient>(
            $"SELECT {Columns} FROM recipients r WHERE r.tenant_id = @TenantId AND r.email_key = @emailKey FOR NO KEY UPDATE OF r",
            new { transaction.TenantId, emailKey });

    /// <summary>A page in order of id, of everybody or of one address or list.</summary>
    public static Task<IReadOnlyList<Recipient>> ListAsync(TenantTransaction transaction, string? emailKey, Guid? listId, Guid? after, int limit) =>
        transaction.QueryAsync<Recipient>($"""
            SELECT {Columns} FROM recipients r
            WHERE r.tenant_id = @TenantId
              AND (@emailKey::text IS NULL OR r.email_key = @emailKey)
              AND (@listId::uuid IS NULL OR r.recipient_id IN (
                  SELECT m.recipient_id FROM list_recipients m WHERE m.tenant_id = @TenantId AND m.list_id = @listId))
              AND (@after::uuid IS NULL OR r.recipient_id > @after)
            ORDER BY r.recipient_id LIMIT @limit
            """, new { transaction.TenantId, emailKey, listId, after, limit });

    /// <summary>Some of those for whom a condition over <c>r</c> holds.</summary>
    public static Task<IReadOnlyList<Recipient>> SampleAsync(TenantTransaction transaction, string condition, IReadOnlyDictionary<string, object> parameters, int most) =>
        transaction.QueryAsync<Recipient>(
            $"SELECT {Columns} FROM recipients r WHERE r.tenant_id = @TenantId AND {condition} LIMIT @most", new Dictionary<string, object>(parameters) { ["most"] = most });

    /// <summary>False: somebody with this address is there already, and nothing was written.</summary>
    public static async Task<bool> InsertAsync(TenantTransaction transaction, Recipient recipient) => await transaction.ExecuteAsync("""
        INSERT INTO recipients (tenant_id, recipient_id, email, email_key, mail_domain, address_hash, first_name, last_name, locale,
            country, region, phone, time_zone, time_zone_source, shop_time_zone, attributes, tracking, max_frequency, chosen, consent_status, consent_source, consent_at, created_at, updated_at)
        VALUES (@TenantId, @RecipientId, @Email, @EmailKey, @MailDomain, @AddressHash, @FirstName, @LastName, @Locale,
            @Country, @Region, @Phone, @TimeZone, @TimeZoneSource, @ShopTimeZone, @AttributesJson::jsonb, @Tracking, @MaxFrequency, @Chosen, @ConsentStatus, @ConsentSource, @ConsentAt, @CreatedAt, @UpdatedAt)
        ON CONFLICT (tenant_id, email_key) DO NOTHING
        """, Row(transaction, recipient)) == 1;

    /// <summary>False: the new address is somebody else's. The transaction can only be rolled back then.</summary>
    public static async Task<bool> UpdateAsync(TenantTransaction transaction, Recipient recipient)
    {
        try
        {
            await transaction.ExecuteAsync(Update, Row(transaction, recipient));
            return true;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    /// <summary>Removes people with their places on lists, and answers who was there. Their deliveries are the ledger's matter.</summary>
    public static Task<IReadOnlyList<Guid>> DeleteAsync(TenantTransaction transaction, Guid[] recipientIds) => transaction.QueryAsync<Guid>(
        "DELETE FROM recipients WHERE tenant_id = @TenantId AND recipient_id = ANY (@recipientIds) RETURNING recipient_id", new { transaction.TenantId, recipientIds });

    private static object Row(TenantTransaction transaction, Recipient r) => new
    {
        transaction.TenantId,
        r.RecipientId,
        r.Email,
        r.EmailKey,
        r.MailDomain,
        r.AddressHash,
        r.FirstName,
        r.LastName,
        r.Locale,
        r.Country,
        r.Region,
        r.Phone,
        r.TimeZone,
        r.TimeZoneSource,
        r.TimeZoneConfidence,
        r.ShopTimeZone,
        r.AttributesJson,
        r.Tracking,
        r.MaxFrequency,
        r.Chosen,
        r.ConsentStatus,
        r.ConsentSource,
        r.ConsentAt,
        r.CreatedAt,
        r.UpdatedAt,
    };

    private const string Update = """
        UPDATE recipients
        SET email = @Email, email_key = @EmailKey, mail_domain = @MailDomain, address_hash = @AddressHash,
            first_name = @FirstName, last_name = @LastName, locale = @Locale, country = @Country, region = @Region, phone = @Phone,
            time_zone = @TimeZone, time_zone_source = @TimeZoneSource, time_zone_confidence = @TimeZoneConfidence, attributes = @AttributesJson::jsonb,
            shop_time_zone = @ShopTimeZone, tracking = @Tracking, max_frequency = @MaxFrequency, chosen = @Chosen,
            consent_status = @ConsentStatus, consent_source = @ConsentSource, consent_at = @ConsentAt, updated_at = @UpdatedAt
        WHERE tenant_id = @TenantId AND recipient_id = @RecipientId
        """;
}
