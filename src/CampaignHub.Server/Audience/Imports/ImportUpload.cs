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

    /// <summary>Stages the whole body; true where a column of it speaks of consent.</summary>
    /// <exception cref="ImportFailedException">The file as a whole is no file of recipients, or broke off.</exception>
    public async Task<bool> StageAsync(Guid tenantId, ImportRecord import, ImportFormat format, UploadStream upload, CancellationToken ct)
    {
        using var rows = await ImportRows.OpenAsync(format, upload, ct);
        var addressKey = keys.Derive(tenantId, KeyPurpose.Address, AddressKeyBytes);
        using var writer = new StagingWriter(database, tenantId, import.Id, addressKey, ct);
        try
        {
            while (await rows.NextAsync(ct) is { } row)
                await (row is RecipientRow recipient
                    ? writer.AddAsync(Stage(import, rows, recipient))
                    : writer.AddAsync(rows.Number, (RowError)row));
            await writer.CompleteAsync();
        }
        finally
        {
            await writer.SettleAsync();
        }
        return rows.HasConsentColumn;
    }

    /// <summary>Shows that an upload is alive.</summary>
    public async Task BeatAsync(Guid tenantId, Guid importId, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await ImportStore.BeatAsync(transaction, importId);
        await transaction.CommitAsync();
    }

    /// <summary>The caller's word counts only where neither the row nor a column of its file has spoken.</summary>
    private static StagedRow Stage(ImportRecord import, ImportRows rows, RecipientRow recipient)
    {
        var isSilent = recipient.Consent == ConsentStatement.Silent && !rows.HasConsentColumn;
        var statement = isSilent && import.Consent is { } stated ? WireWords.Parse<ConsentStatus>(stated)!.Value.AsStatement() : recipient.Consent;
        return new StagedRow(rows.Number, recipient, statement, recipient.ConsentSource ?? import.ConsentSource ?? rows.Origin);
    }
}
