using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>A recipient to make or to change, by address.</summary>
public sealed class UpsertRecipientRequest
{
    [FromBody]
    public RecipientDraft Body { get; set; } = new();
}

/// <summary>The fields of a recipient; only <c>email</c> is required.</summary>
public sealed class RecipientDraft : RecipientChange;

/// <summary>Makes a recipient, or changes the one with this address. 201 where they were new, 200 otherwise.</summary>
internal sealed class UpsertRecipient(KeyRing keyRing, IClock clock) : ApiEndpoint<UpsertRecipientRequest, RecipientView>
{
    public override void Configure()
    {
        Post("/v1/recipients");
        Access(Scope.AudienceWrite);
        Answers(200, 201);
        Summary(s => s.Summary = "Make or change a recipient by address");
    }

    protected override async Task<Answer<RecipientView>> AnswerAsync(UpsertRecipientRequest request, TenantTransaction transaction)
    {
        if (RecipientFields.Email(request.Body.Email.Value, out var address) is { } fault)
            return Problems.Invalid([fault]);
        while (true)
        {
            var known = await RecipientStore.LockByKeyAsync(transaction, address!.Key);
            var now = clock.GetCurrentInstant();
            var edit = new RecipientEdit(request.Body, keyRing, transaction.TenantId, now);
            var recipient = edit.ApplyTo(known ?? Recipient.New(now));
            if (edit.Errors.Concat(await ListStore.FaultsAsync(transaction, request.Body.Lists)).ToArray() is { Length: > 0 } faults)
                return Problems.Invalid(faults);
            if (known is null && !await RecipientStore.InsertAsync(transaction, recipient))
                continue; // Somebody else made them a moment ago: now they are there to be locked.
            if (known is not null)
                await RecipientStore.UpdateAsync(transaction, recipient);
            await ListStore.EnterAsync(transaction, recipient.RecipientId, request.Body.Lists, now);
            var view = RecipientView.Of((await RecipientStore.FindAsync(transaction, recipient.RecipientId))!);
            return known is null ? Answer.Created(view, $"/v1/recipients/{view.Id}") : view;
        }
    }

    internal sealed class Rules : Validator<UpsertRecipientRequest>
    {
        public Rules()
        {
            RuleFor(r => r.Body.Email.Value).NotEmpty();
        }
    }
}
