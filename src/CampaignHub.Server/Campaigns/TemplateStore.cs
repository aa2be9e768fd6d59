using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>Content that campaigns share.</summary>
public sealed record Template
{
    /// <summary>The template's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>A name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The subject of campaigns that have none of their own, Liquid.</summary>
    public string? Subject { get; init; }

    /// <summary>The HTML part, Liquid.</summary>
    public string Html { get; init; } = "";

    /// <summary>The text part, Liquid; null: made from the HTML.</summary>
    public string? Text { get; init; }

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }

    /// <summary>When it was last changed. A launched campaign keeps the content that it was launched with.</summary>
    public Instant UpdatedAt { get; init; }
}

/// <summary>Writes and reads templates; nothing else does.</summary>
internal static class TemplateStore
{
    private const string Columns = "template_id AS id, name, subject, html, text, created_at, updated_at";

    public static Task<Template?> FindAsync(TenantTransaction transaction, Guid templateId) =>
        transaction.QueryFirstOrDefaultAsync<Template>(
            $"SELECT {Columns} FROM templates WHERE tenant_id = @TenantId AND template_id = @templateId", new { transaction.TenantId, templateId });

    /// <summary>Finds it and keeps others from changing it, or from beginning to use it, until the commit.</summary>
    public static Task<Template?> LockAsync(TenantTransaction transaction, Guid templateId) =>
        transaction.QueryFirstOrDefaultAsync<Template>(
            $"SELECT {Columns} FROM templates WHERE tenant_id = @TenantId AND template_id = @templateId FOR UPDATE", new { transaction.TenantId, templateId });

    public static Task<IReadOnlyList<Template>> ListAsync(TenantTransaction transaction, Guid? after, int limit) =>
        transaction.QueryAsync<Template>($"""
            SELECT {Columns} FROM templates
            WHERE tenant_id = @TenantId AND (@after::uuid IS NULL OR template_id > @after)
            ORDER BY template_id LIMIT @limit
            """, new { transaction.TenantId, after, limit });

    public static Task InsertAsync(TenantTransaction transaction, Template t) => transaction.ExecuteAsync("""
        INSERT INTO templates (tenant_id, template_id, name, subject, html, text, created_at, updated_at)
        VALUES (@TenantId, @Id, @Name, @Subject, @Html, @Text, @CreatedAt, @UpdatedAt)
        """, new { transaction.TenantId, t.Id, t.Name, t.Subject, t.Html, t.Text, t.CreatedAt, t.UpdatedAt });

    public static Task UpdateAsync(TenantTransaction transaction, Template t) => transaction.ExecuteAsync("""
        UPDATE templates SET name = @Name, subject = @Subject, html = @Html, text = @Text, updated_at = @UpdatedAt
        WHERE tenant_id = @TenantId AND template_id = @Id
        """, new { transaction.TenantId, t.Id, t.Name, t.Subject, t.Html, t.Text, t.UpdatedAt });

    public static Task DeleteAsync(TenantTransaction transaction, Guid templateId) => transaction.ExecuteAsync(
        "DELETE FROM templates WHERE tenant_id = @TenantId AND template_id = @templateId", new { transaction.TenantId, templateId });

    /// <summary>The name of a campaign that uses it, or null.</summary>
    public static Task<string?> FindUserAsync(TenantTransaction transaction, Guid templateId) => transaction.QueryFirstOrDefaultAsync<string>(
        "SELECT name FROM campaigns WHERE tenant_id = @TenantId AND template_id = @templateId LIMIT 1", new { transaction.TenantId, templateId });
}
