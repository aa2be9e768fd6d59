using CampaignHub.Server.Platform.Http;
using FastEndpoints;

namespace CampaignHub.Server.Tracking;

/// <summary>What the path of a tracking URL says.</summary>
public sealed class TokenRequest
{
    /// <summary>The token that the mail carries.</summary>
    public string Token { get; set; } = "";
}

/// <summary>A public address inside a mail: no key, a token in its path, never cached.</summary>
internal abstract class TrackingEndpoint : Endpoint<TokenRequest>
{
    /// <summary>Keeps browsers and proxies from answering in our stead.</summary>
    protected void ForbidCaching() => HttpContext.Response.Headers.CacheControl = "no-store, private";

    protected void TellWhetherStored(bool isStored)
    {
        if (!isStored)
            HttpContext.Response.Headers["Tracking-Stored"] = "no";
    }

    /// <summary>The answer of a page that doesn't exist, whatever is wrong with the token.</summary>
    protected Task SendNotFoundPageAsync(CancellationToken ct) =>
        SerializedAnswer.Of(Problems.NotFound("path")).SendAsync(HttpContext, ct);

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
