using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Tenancy;

/// <summary>The key to revoke.</summary>
public sealed class DeleteApiKeyRequest
{
    /// <summary>The key's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Revokes an API key at once.</summary>
internal sealed class DeleteApiKey : ApiEndpoint<DeleteApiKeyRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/api-keys/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Revoke an API key");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(DeleteApiKeyRequest request, TenantTransaction transaction) =>
        await TenantStore.DeleteKeyAsync(transaction, request.Id) ? Answer.NoContent() : Problems.NotFound("API key");
}
