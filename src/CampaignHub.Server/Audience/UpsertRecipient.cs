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
        var outcome = await RecipientUpsert.ApplyAsync(transaction, request.Body, keyRing, clock.GetCurrentInstant());
        if (outcome.Errors.Count > 0)
            return Problems.Invalid(outcome.Errors);
        var view = RecipientView.Of(outcome.Recipient);
        return outcome.IsNew ? Answer.Created(view, $"/v1/recipients/{view.Id}") : view;
    }

    internal sealed class Rules : Validator<UpsertRecipientRequest>
    {
        public Rules()
        {
            RuleFor(r => r.Body.Email.Value).NotEmpty();
        }
    }
}
