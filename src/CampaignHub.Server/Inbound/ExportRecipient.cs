using System.Text.Json;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using NodaTime;

namespace CampaignHub.Server.Inbound;

/// <summary>
/// Shows everything that is held of a person, as they may ask for it by law (GDPR, articles 15 and 20), however much it is. Files that they
/// were imported from aren't among it; these go after 30 days at the latest.
/// </summary>
internal sealed class ExportRecipient(Database database, IClock clock) : ApiEndpoint<RecipientRequest, PersonExport>
{
    public override void Configure()
    {
        Get("/v1/recipients/{id}/export");
        Access(Scope.AudienceRead);
        Tags("Audience");
        Summary(s => s.Summary = "Export all that is held of a recipient");
    }

    protected override async Task<Answer<PersonExport>> AnswerAsync(RecipientRequest request, TenantTransaction transaction)
    {
        if (await RecipientStore.FindAsync(transaction, request.Id) is not { } recipient)
            return Problems.NotFound("recipient");
        var tenantId = transaction.TenantId;
        return Answer.Streamed<PersonExport>("application/json", async (body, ct) =>
        {
            await using var reading = await database.BeginAsync(tenantId, ct);
            await JsonSerializer.SerializeAsync(body, await PersonExport.OfAsync(reading, recipient, clock.GetCurrentInstant()), ApiJson.Options, ct);
            await body.FlushAsync(ct);
        });
    }
}
