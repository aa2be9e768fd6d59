using CampaignHub.Server.Platform.Http;
using FastEndpoints;

namespace CampaignHub.Server.Tracking;

/// <summary>A public address inside a mail: no key, a token in its path, never cached.</summary>
internal abstract class TrackingEndpoint : EndpointWithoutRequest
{
    protected string? Token => HttpContext.Request.RouteValues["token"] as string;

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

    protected void Describe(string summary, int status, string? mediaType, bool canBeMissing)
    {
        AllowAnonymous();
        Summary(s => s.Summary = summary);
        Description(route =>
        {
            route.ClearDefaultAccepts().ClearDefaultProduces().Produces(status, contentType: mediaType);
            if (canBeMissing)
                route.Produces(StatusCodes.Status404NotFound, contentType: "application/problem+json");
        });
    }
}
