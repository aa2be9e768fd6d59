using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>A list to make.</summary>
public sealed class CreateListRequest
{
    [FromBody]
    public ListDraft Body { get; set; } = new();
}

/// <summary>The fields of a list.</summary>
public sealed class ListDraft
{
    /// <summary>A name for people: 1 to 200 characters.</summary>
    /// <example>Newsletter</example>
    public string? Name { get; set; }

    /// <summary>Whether the tenant's people may put themselves on it, from the page of their preferences, which shows them its name; false unless given.</summary>
    public bool Public { get; set; }
}

/// <summary>Makes an empty list.</summary>
internal sealed class CreateList(IClock clock) : ApiEndpoint<CreateListRequest, RecipientList>
{
    public override void Configure()
    {
        Post("/v1/lists");
        Access(Scope.AudienceWrite);
        Answers(201);
        Summary(s => s.Summary = "Make a list");
    }

    protected override async Task<Answer<RecipientList>> AnswerAsync(CreateListRequest request, TenantTransaction transaction)
    {
        var list = new RecipientList { Id = Guid.CreateVersion7(), Name = request.Body.Name!.Trim(), Public = request.Body.Public, CreatedAt = clock.GetCurrentInstant() };
        await ListStore.InsertAsync(transaction, list);
        return Answer.Created(list, $"/v1/lists/{list.Id}");
    }

    internal sealed class Rules : Validator<CreateListRequest>
    {
        public Rules() => RuleFor(r => r.Body.Name).NotEmpty().MaximumLength(200);
    }
}
