using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Http.Limits;
using FastEndpoints;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>A provider, and a feed of it.</summary>
public sealed class ReceiveProviderPostRequest
{
    /// <summary>The provider: <c>ses</c>, <c>mailgun</c>, <c>postmark</c>, <c>sendgrid</c> or <c>brevo</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The feed's id.</summary>
    public string Id { get; set; } = "";
}

/// <summary>
/// Takes what a provider posts of mail that it was handed: signed in the provider's own way, 2 MiB and 32 levels of JSON at
/// most. It is stored before it is answered 200; the same again is answered so too and has no effect.
/// </summary>
internal sealed class ReceiveProviderPost(ProviderDoor door) : Endpoint<ReceiveProviderPostRequest>
{
    public override void Configure()
    {
        Verbs("POST");
        Routes("/hooks/{kind}/{id}");
        AllowAnonymous();
        RequestBinder(new PathBinder());
        Summary(s => s.Summary = "Take what a provider posts");
        Description(route =>
        {
            route.ClearDefaultAccepts().ClearDefaultProduces().WithMetadata(new AnswerRule([StatusCodes.Status200OK]), new StreamedBodyRule(["application/json"]), new PublicLimitRule(PublicLimit.Hooks));
            foreach (var status in (int[])[400, 401, 404, 413, 429, 503])
                route.Produces(status, contentType: "application/problem+json");
        });
    }

    public override async Task HandleAsync(ReceiveProviderPostRequest req, CancellationToken ct)
    {
        var problem = Guid.TryParse(req.Id, out var feedId) ? await door.TakeAsync(req.Kind, feedId, HttpContext, ct) : Problems.NotFound("provider feed");
        if (problem is null)
            await HttpContext.Response.StartAsync(ct);
        else
            await SerializedAnswer.Of(problem).SendAsync(HttpContext, ct);
    }

    /// <summary>Takes the path and nothing else: providers send what media types and parameters they like.</summary>
    private sealed class PathBinder : IRequestBinder<ReceiveProviderPostRequest>
    {
        public ValueTask<ReceiveProviderPostRequest> BindAsync(BinderContext ctx, CancellationToken ct) => ValueTask.FromResult(new ReceiveProviderPostRequest
        {
            Kind = ctx.HttpContext.Request.RouteValues["kind"] as string ?? "",
            Id = ctx.HttpContext.Request.RouteValues["id"] as string ?? "",
        });
    }
}
