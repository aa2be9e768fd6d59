using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>A recipient of the file with what staging adds: its place in the file and its consent statement.</summary>
internal readonly record struct StagedRow(long Number, RecipientRow Recipient, ConsentStatement Statement, string ConsentSource)
{
    /// <summary>The columns of a staging table that COPY fills, in the order of <see cref="WriteAsync"/>.</summary>
    public const string Columns = """
        row_no, recipient_id, email, email_key, mail_domain, address_hash, first_name, last_name, locale, country, region,
        phone, time_zone, attributes, cleared, consent_statement, consent_source, consent_at
        """;

    /// <summary>A rough measure of the row in memory, in bytes.</summary>
    public int Weight => 600 + 2 * Recipient.Attributes.Length;

    public async Task WriteAsync(NpgsqlBinaryImporter copy, byte[] addressKey, CancellationToken ct)
    {
        var email = Recipient.Email;
        await copy.StartRowAsync(ct);
        await copy.WriteAsync(Number, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid, ct);
        await copy.WriteAsync(email.Address, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(email.Key, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(email.Domain, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(AddressHash.Compute(addressKey, email.Key), NpgsqlDbType.Bytea, ct);
        await WriteTextAsync(copy, Recipient.FirstName, ct);
        await WriteTextAsync(copy, Recipient.LastName, ct);
        await WriteTextAsync(copy, Recipient.Locale, ct);
        await WriteTextAsync(copy, Recipient.Country, ct);
        await WriteTextAsync(copy, Recipient.Region, ct);
        await WriteTextAsync(copy, Recipient.Phone, ct);
        await WriteTextAsync(copy, Recipient.TimeZone, ct);
        await copy.WriteAsync(Recipient.Attributes, NpgsqlDbType.Jsonb, ct);
        await WriteClearedAsync(copy, ct);
        await copy.WriteAsync(Statement.Word(), NpgsqlDbType.Text, ct);
        await copy.WriteAsync(ConsentSource, NpgsqlDbType.Text, ct);
        if (Recipient.ConsentAt is { } at)
            await copy.WriteAsync(at, NpgsqlDbType.TimestampTz, ct);
        else
            await copy.WriteNullAsync(ct);
    }

    private Task WriteClearedAsync(NpgsqlBinaryImporter copy, CancellationToken ct) => Recipient.Cleared.Count == 0
        ? copy.WriteNullAsync(ct)
        : copy.WriteAsync(Recipient.Cleared.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, ct);

    private static Task WriteTextAsync(NpgsqlBinaryImporter copy, string? text, CancellationToken ct) =>
        text is null ? copy.WriteNullAsync(ct) : copy.WriteAsync(text, NpgsqlDbType.Text, ct);
}
