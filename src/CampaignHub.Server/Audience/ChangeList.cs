using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FastEndpoints;
using FluentValidation;

namespace CampaignHub.Server.Audience;

/// <summary>A list and what to change of it.</summary>
public sealed class ChangeListRequest
{
    /// <summary>The list's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public ListChange Body { get; set; } = new();
}

/// <summary>Fields of a list that can change; an absent one stays.</summary>
public sealed class ListChange
{
    /// <summary>A name for people: 1 to 200 characters.</summary>
    public Optional<string> Name { get; set; }

    /// <summary>Whether the tenant's people may put themselves on it, from the page of their preferences.</summary>
    public Optional<bool> Public { get; set; }
}

/// <summary>Changes a list.</summary>
internal sealed class ChangeList : ApiEndpoint<ChangeListRequest, RecipientList>
{
    public override void Configure()
    {
        Patch("/v1/lists/{id}");
        Access(Scope.AudienceWrite);
        Summary(s => s.Summary = "Change a list");
    }

    protected override async Task<Answer<RecipientList>> AnswerAsync(ChangeListRequest request, TenantTransaction transaction)
    {
        await ListStore.UpdateAsync(transaction, request.Id, request.Body.Name.Value?.Trim(), request.Body.Public.IsSet ? request.Body.Public.Value : null);
        return await ListStore.FindAsync(transaction, request.Id) is { } list ? list : Problems.NotFound("list");
    }

    internal sealed class Rules : Validator<ChangeListRequest>
    {
        public Rules() => RuleFor(r => r.Body.Name.Value).NotEmpty().MaximumLength(200).When(r => r.Body.Name.IsSet);
    }
}
