using System.Security.Cryptography;
using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Jobs;
using FastEndpoints;
using FluentValidation;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>What is to be done with the file in the body.</summary>
public sealed class CreateImportRequest
{
    /// <summary>The list that the file's people join.</summary>
    public Guid? ListId { get; set; }

    /// <summary>The consent of rows that say nothing of it: <c>granted</c>, <c>pending</c>, <c>withdrawn</c> or <c>unknown</c>. A row that has spoken keeps its word; a time of opting in (Mailchimp's <c>OPTIN_TIME</c>) is a yes, but no word against a lower one.</summary>
    public string? Consent { get; set; }

    /// <summary>Where the consent comes from, for rows that don't say it: 1 to 200 characters.</summary>
    /// <example>newsletter form 2026</example>
    public string? ConsentSource { get; set; }

    /// <summary>True to suppress every address of the file.</summary>
    public bool? Suppress { get; set; }
}

/// <summary>Takes a file of recipients, of any size, as it streams in; 202 once the whole of it is staged.</summary>
internal sealed class CreateImport(ImportUpload upload, FailedImports failed, WorkSignal signal) : ApiEndpoint<CreateImportRequest, Import>
{
    public override void Configure()
    {
        Post("/v1/imports");
        Access(Scope.AudienceWrite);
        Answers(202);
        Streams(ImportFormats.Csv, ImportFormats.Ndjson);
        Summary(s =>
        {
            s.Summary = "Import a file of recipients";
            s.Description = "The body is a CSV file (any of , ; and tab between cells; our own columns, or an export of customers or an audience from Shopify, WooCommerce or Mailchimp) or NDJSON. "
                + "NDJSON is UTF-8. A CSV file is what its byte order mark says, else the `charset` of its Content-Type (" + FileCharsets.Names + ", which is read as windows-1252), "
                + "else UTF-16 where its beginning looks so, else UTF-8, or Windows-1252 where it turns out to be no UTF-8, which ends in a warning. "
                + "Columns that are no field become attributes. What is wrong with the file as a whole is a 422, and the import has failed with the same code.";
        });
    }

    protected override Task<Answer<Import>> AnswerAsync(CreateImportRequest request, TenantTransaction transaction) =>
        throw new NotSupportedException("An upload holds no transaction open: see RunAsync.");

    protected override async Task<SerializedAnswer> RunAsync(CreateImportRequest request, IdempotencyReservation reservation, CancellationToken ct)
    {
        // Refused before anything is kept: the same key may try again with the right type or list.
        var declared = ImportFormats.Of(HttpContext.Request.ContentType)
            ?? throw new ProblemException(Problems.UnsupportedMediaType(ImportFormats.Taken));
        LiftLimits();
        var import = await upload.BeginAsync(Caller.TenantId, request, ct) ?? throw new ProblemException(Problems.NotFound("list"));
        await using var body = new UploadStream(HttpContext.Request.Body, beating => upload.BeatAsync(Caller.TenantId, import.Id, beating));
        try
        {
            var file = await upload.StageAsync(Caller.TenantId, import, declared, body, ct);
            return await QueueAsync(import, file, await body.HashToEndAsync(ct), reservation, ct);
        }
        catch (ImportFailedException refused)
        {
            return await FailAsync(import, refused.Failure, body, reservation, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await failed.EndAsync(Caller.TenantId, import.Id, ImportFailures.Interrupted);
            throw;
        }
    }

    /// <summary>The first answer is given again only to the same body, which has to be read for that.</summary>
    protected override async Task<SerializedAnswer> ReplayAsync(SerializedAnswer first, CancellationToken ct)
    {
        if (first.BodyHash is not { } firstHash)
            return first;
        LiftLimits();
        await using var body = new UploadStream(HttpContext.Request.Body, _ => Task.CompletedTask);
        var hash = await body.HashToEndAsync(ct);
        return CryptographicOperations.FixedTimeEquals(firstHash, hash)
            ? first : SerializedAnswer.Of(Problems.IdempotencyMismatch());
    }

    private async Task<SerializedAnswer> QueueAsync(
        ImportRecord import, StagedFile file, byte[] hash, IdempotencyReservation reservation, CancellationToken ct)
    {
        await using var transaction = await Database.BeginAsync(Caller.TenantId, ct);
        if (!await ImportStore.QueueAsync(transaction, import.Id, file))
            return Refusal(import, ImportFailures.Interrupted);
        var queued = (await ImportStore.FindAsync(transaction, import.Id))!;
        var answer = SerializedAnswer.Of(Answer.Accepted(queued.ToImport())) with { Location = Path(import) };
        await reservation.KeepAsync(answer, transaction, hash);
        await transaction.CommitAsync();
        signal.Wake(WorkKind.Imports);
        return answer;
    }

    /// <summary>
    /// Marks the import failed before anything else, also where the caller has gone: it must not seem alive, and reading
    /// the rest for an Idempotency-Key may break off.
    /// </summary>
    private async Task<SerializedAnswer> FailAsync(
        ImportRecord import, ImportFailure failure, UploadStream body, IdempotencyReservation reservation, CancellationToken ct)
    {
        await failed.EndAsync(Caller.TenantId, import.Id, failure);
        var answer = Refusal(import, failure);
        if (reservation != IdempotencyReservation.None && failure != ImportFailures.Interrupted)
            await reservation.KeepAsync(answer, ct, await body.HashToEndAsync(ct));
        return answer;
    }

    private void LiftLimits()
    {
        HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        if (HttpContext.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null; // UploadStream has its own limit, on silence
    }

    private static SerializedAnswer Refusal(ImportRecord import, ImportFailure failure) =>
        SerializedAnswer.Of(Problems.Invalid("body", failure.Code, failure.Message)) with { Location = Path(import) };

    private static string Path(ImportRecord import) => $"/v1/imports/{import.Id}";

    internal sealed class Rules : Validator<CreateImportRequest>
    {
        public Rules()
        {
            RuleFor(r => r.ListId).NotNull();
            RuleFor(r => r.Consent).OneOf(WireWords.All<ConsentStatus>());
            RuleFor(r => r.ConsentSource).MaximumLength(RecipientFields.MaxConsentSourceLength);
        }
    }
}
