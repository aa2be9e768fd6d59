using System.Security.Cryptography;
using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>A recipient of the file with what staging adds: its place in the file and its consent statement.</summary>
internal readonly record struct StagedRow(long Number, RecipientRow Recipient, ConsentStatement Statement, string ConsentSource)
{
    /// <summary>The columns of a staging table that COPY fills, in the order of <see cref="WriteTo"/>.</summary>
    public const string Columns = """
        row_no, recipient_id, email, email_key, mail_domain, address_hash, first_name, last_name, locale, country, region,
        phone, phone_country, phone_zone, time_zone, attributes, cleared, consent_statement, consent_source, consent_at
        """;

    private const short ColumnCount = 20;

    /// <param name="rows">Takes the row.</param>
    /// <param name="recipientId">Of a recipient that the row may make.</param>
    /// <param name="addressHash">Keyed with the tenant's address key.</param>
    public void WriteTo(BinaryRows rows, ReadOnlySpan<byte> recipientId, IncrementalHash addressHash)
    {
        rows.StartRow(ColumnCount);
        rows.WriteBigint(Number);
        rows.WriteBytes(recipientId);
        rows.WriteText(Recipient.Email.Address);
        rows.WriteText(Recipient.Email.Key);
        rows.WriteText(Recipient.Email.Domain);
        rows.WriteBytes(AddressHash.Compute(addressHash, Recipient.Email.Key));
        rows.WriteText(Recipient.FirstName);
        rows.WriteText(Recipient.LastName);
        rows.WriteText(Recipient.Locale);
        rows.WriteText(Recipient.Country);
        rows.WriteText(Recipient.Region);
        rows.WriteText(Recipient.Phone);
        var phonePlace = Recipient.PhonePlace;
        rows.WriteText(phonePlace?.Country);
        rows.WriteText(phonePlace?.TimeZone);
        rows.WriteText(Recipient.TimeZone);
        rows.WriteJson(Recipient.Attributes);
        rows.WriteTexts(Recipient.Cleared);
        rows.WriteText(Statement.Word());
        rows.WriteText(ConsentSource);
        rows.WriteInstant(Recipient.ConsentAt);
    }
}
