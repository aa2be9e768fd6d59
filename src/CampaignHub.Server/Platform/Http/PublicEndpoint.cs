using CampaignHub.Server.Platform.Http.Limits;
using FastEndpoints;

namespace CampaignHub.Server.Platform.Http;

/// <summary>What the path of a public address says.</summary>
public sealed class TokenRequest
{
    /// <summary>The token that a mail carries, or a form's id.</summary>
    public string Token { get; set; } = "";
}

/// <summary>An address for people and their mail programs: no key; who or what is meant stands in its path.</summary>
internal abstract class PublicEndpoint : Endpoint<TokenRequest>
{
    /// <summary>The answer of a page that doesn't exist, whatever is wrong with the token.</summary>
    protected Task SendNotFoundPageAsync(CancellationToken ct) =>
        SerializedAnswer.Of(Problems.NotFound("path")).SendAsync(HttpContext, ct);

    /// <summary>Whoever asks is limited by their network. For pages, not for what mail programs fetch by themselves.</summary>
    protected void LimitByNetwork() => Description(route => route.WithMetadata(new PublicLimitRule(PublicLimit.Pages))
        .Produces(StatusCodes.Status429TooManyRequests, contentType: "application/problem+json"));

    protected void Describe(string summary, int status, string? mediaType, bool canBeMissing, bool canBeAway = false)
    {
        AllowAnonymous();
        RequestBinder(new PathBinder());
        Summary(s => s.Summary = summary);
        Description(route =>
        {
            route.ClearDefaultAccepts().ClearDefaultProduces().Produces(status, contentType: mediaType);
            if (canBeMissing)
                route.Produces(StatusCodes.Status404NotFound, contentType: "application/problem+json");
            if (canBeAway)
                route.Produces(StatusCodes.Status503ServiceUnavailable, contentType: "application/problem+json");
        });
    }

    /// <summary>Takes the token and nothing else: proxies and mail programs may add what they like to a URL, or send any body.</summary>
    private sealed class PathBinder : IRequestBinder<TokenRequest>
    {
        public ValueTask<TokenRequest> BindAsync(BinderContext ctx, CancellationToken ct) =>
            ValueTask.FromResult(new TokenRequest { Token = ctx.HttpContext.Request.RouteValues["token"] as string ?? "" });
    }
}
