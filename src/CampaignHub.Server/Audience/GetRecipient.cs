using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience;

/// <summary>Names a recipient.</summary>
public sealed class RecipientRequest
{
    /// <summary>The recipient's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a recipient.</summary>
internal sealed class GetRecipient : ApiEndpoint<RecipientRequest, RecipientView>
{
    public override void Configure()
    {
        Get("/v1/recipients/{id}");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "Show a recipient");
    }

    protected override async Task<Answer<RecipientView>> AnswerAsync(RecipientRequest request, TenantTransaction transaction) =>
        await RecipientStore.FindAsync(transaction, request.Id) is { } recipient ? RecipientView.Of(recipient) : Problems.NotFound("recipient");
}
