using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Forms;

/// <summary>Writes and reads subscribe forms; nothing else does.</summary>
internal static class FormStore
{
    private const string Select = """
        SELECT form_id, name, title, wording, list_ids, fields, from_name, from_email, reply_to, confirm_within_hours, remind_after_hours, redirect_url, enabled,
            asked, confirmed, created_at, updated_at
        FROM forms WHERE tenant_id = @TenantId
        """;

    public static Task<Form?> FindAsync(TenantTransaction transaction, Guid formId) =>
        transaction.QueryFirstOrDefaultAsync<Form>($"{Select} AND form_id = @formId", new { transaction.TenantId, formId });

    /// <summary>Finds it and keeps others from changing it until the commit.</summary>
    public static Task<Form?> LockAsync(TenantTransaction transaction, Guid formId) =>
        transaction.QueryFirstOrDefaultAsync<Form>($"{Select} AND form_id = @formId FOR NO KEY UPDATE", new { transaction.TenantId, formId });

    public static Task<IReadOnlyList<Form>> ListAsync(TenantTransaction transaction, Guid? after, int limit) => transaction.QueryAsync<Form>(
        $"{Select} AND (@after::uuid IS NULL OR form_id > @after) ORDER BY form_id LIMIT @limit", new { transaction.TenantId, after, limit });

    public static Task InsertAsync(TenantTransaction transaction, Form form) => transaction.ExecuteAsync("""
        INSERT INTO forms (tenant_id, form_id, name, title, wording, list_ids, fields, from_name, from_email, reply_to,
            confirm_within_hours, remind_after_hours, redirect_url, enabled, created_at, updated_at)
        VALUES (@TenantId, @FormId, @Name, @Title, @Wording, @ListIds, @Fields, @FromName, @FromEmail, @ReplyTo,
            @ConfirmWithinHours, @RemindAfterHours, @RedirectUrl, @Enabled, @CreatedAt, @UpdatedAt)
        """, Row(transaction, form));

    public static Task UpdateAsync(TenantTransaction transaction, Form form) => transaction.ExecuteAsync("""
        UPDATE forms
        SET name = @Name, title = @Title, wording = @Wording, list_ids = @ListIds, fields = @Fields, from_name = @FromName, from_email = @FromEmail,
            reply_to = @ReplyTo, confirm_within_hours = @ConfirmWithinHours, remind_after_hours = @RemindAfterHours, redirect_url = @RedirectUrl,
            enabled = @Enabled, updated_at = @UpdatedAt
        WHERE tenant_id = @TenantId AND form_id = @FormId
        """, Row(transaction, form));

    /// <summary>Removes it with what was asked and not confirmed.</summary>
    public static async Task<bool> DeleteAsync(TenantTransaction transaction, Guid formId) => await transaction.ExecuteAsync(
        "DELETE FROM forms WHERE tenant_id = @TenantId AND form_id = @formId", new { transaction.TenantId, formId }) == 1;

    public static Task CountAskedAsync(TenantTransaction transaction, Guid formId) => transaction.ExecuteAsync(
        "UPDATE forms SET asked = asked + 1 WHERE tenant_id = @TenantId AND form_id = @formId", new { transaction.TenantId, formId });

    public static Task CountConfirmedAsync(TenantTransaction transaction, Guid formId) => transaction.ExecuteAsync(
        "UPDATE forms SET confirmed = confirmed + 1 WHERE tenant_id = @TenantId AND form_id = @formId", new { transaction.TenantId, formId });

    private static object Row(TenantTransaction transaction, Form f) => new
    {
        transaction.TenantId,
        f.FormId,
        f.Name,
        f.Title,
        f.Wording,
        f.ListIds,
        f.Fields,
        f.FromName,
        f.FromEmail,
        f.ReplyTo,
        f.ConfirmWithinHours,
        f.RemindAfterHours,
        f.RedirectUrl,
        f.Enabled,
        f.CreatedAt,
        f.UpdatedAt,
    };
}
