using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>The way of a file from the wire into its staging table.</summary>
internal sealed class ImportUpload(Database database, KeyRing keys, IClock clock)
{
    private const int AddressKeyBytes = 32;

    /// <summary>Makes the import and its staging table; null where the list isn't there.</summary>
    public async Task<ImportRecord?> BeginAsync(Guid tenantId, CreateImportRequest request, CancellationToken ct)
    {
        var import = new ImportRecord
        {
            Id = Guid.CreateVersion7(),
            ListId = request.ListId!.Value,
            Consent = request.Consent,
            ConsentSource = request.ConsentSource,
            Suppress = request.Suppress ?? false,
            CreatedAt = clock.GetCurrentInstant(),
        };
        await using var transaction = await database.BeginAsync(tenantId, ct);
        if (!await ImportStore.InsertAsync(transaction, import))
            return null;
        await StagingTable.CreateAsync(transaction, import.Id);
        await transaction.CommitAsync();
        return import;
    }

    /// <summary>Stages the whole body, and says what should be known of it.</summary>
    /// <exception cref="ImportFailedException">The file as a whole is no file of recipients, or broke off.</exception>
    public async Task<StagedFile> StageAsync(Guid tenantId, ImportRecord import, DeclaredType declared, UploadStream upload, CancellationToken ct)
    {
        using var rows = await ImportRows.OpenAsync(declared, upload, ct);
        var addressKey = keys.Derive(tenantId, KeyPurpose.Address, AddressKeyBytes);
        long undeliverable = 0;
        using var writer = new StagingWriter(database, tenantId, import.Id, addressKey, ct);
        try
        {
            while (await rows.NextAsync(ct) is { } row)
            {
                undeliverable += row is RecipientRow { IsUndeliverable: true } ? 1 : 0;
                await (row is RecipientRow recipient
                    ? writer.AddAsync(Stage(import, rows, recipient))
                    : writer.AddAsync(rows.Number, (RowError)row));
            }
            await writer.CompleteAsync();
        }
        finally
        {
            await writer.SettleAsync();
        }
        return new StagedFile(rows.HasConsentColumn, [.. ImportWarnings.OfFile(import, rows.IsGuessedWindows1252 ? writer.Rows : 0, undeliverable)]);
    }

    /// <summary>Shows that an upload is alive.</summary>
    public async Task BeatAsync(Guid tenantId, Guid importId, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await ImportStore.BeatAsync(transaction, importId);
        await transaction.CommitAsync();
    }

    /// <summary>
    /// The caller's word counts only where neither the row nor a column of its file has spoken. A yes that follows from a time is
    /// no word against a lower one of the caller's: Mailchimp's file of people who never subscribed has such times too.
    /// </summary>
    private static StagedRow Stage(ImportRecord import, ImportRows rows, RecipientRow recipient)
    {
        var stated = import.Consent is { } word ? WireWords.Parse<ConsentStatus>(word)!.Value.AsStatement() : ConsentStatement.Silent;
        var isLowered = recipient is { IsConsentInferred: true, Consent: ConsentStatement.Granted } && stated is not (ConsentStatement.Silent or ConsentStatement.Granted);
        var isSilent = recipient.Consent == ConsentStatement.Silent && !rows.HasConsentColumn;
        if (isLowered)
            recipient = recipient with { ConsentAt = null };
        return new StagedRow(rows.Number, recipient, isSilent || isLowered ? stated : recipient.Consent, recipient.ConsentSource ?? import.ConsentSource ?? rows.Origin);
    }
}

/// <summary>What is known of a file once its rows are staged.</summary>
/// <param name="HasConsentColumn">True where a column of it speaks of consent.</param>
/// <param name="Warnings">What should be known of the file itself.</param>
internal sealed record StagedFile(bool HasConsentColumn, IReadOnlyList<ImportWarning> Warnings);
