using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>A recipient and what to change of them.</summary>
public sealed class ChangeRecipientRequest
{
    /// <summary>The recipient's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public RecipientChange Body { get; set; } = new();
}

/// <summary>Changes a recipient. Their address may change too, unless it is somebody else's.</summary>
internal sealed class ChangeRecipient(KeyRing keyRing, IClock clock) : ApiEndpoint<ChangeRecipientRequest, RecipientView>
{
    public override void Configure()
    {
        Patch("/v1/recipients/{id}");
        Access(Scope.AudienceWrite);
        Conflicts();
        Summary(s => s.Summary = "Change a recipient");
    }

    protected override async Task<Answer<RecipientView>> AnswerAsync(ChangeRecipientRequest request, TenantTransaction transaction)
    {
        if (await RecipientStore.LockAsync(transaction, request.Id) is not { } known)
            return Problems.NotFound("recipient");
        var now = clock.GetCurrentInstant();
        var edit = new RecipientEdit(request.Body, keyRing, transaction.TenantId, now);
        var recipient = edit.ApplyTo(known);
        if (edit.Errors.Concat(await ListStore.FaultsAsync(transaction, request.Body.Lists)).ToArray() is { Length: > 0 } faults)
            return Problems.Invalid(faults);
        if (!await RecipientStore.UpdateAsync(transaction, recipient))
            return Problems.AlreadyExists("email", "Another recipient has this address.");
        await RecipientEvents.NoteConsentAsync(transaction, recipient.RecipientId, known.Consent, recipient.Consent, now);
        await ListStore.EnterAsync(transaction, recipient.RecipientId, request.Body.Lists, now);
        return RecipientView.Of((await RecipientStore.FindAsync(transaction, recipient.RecipientId))!);
    }
}
