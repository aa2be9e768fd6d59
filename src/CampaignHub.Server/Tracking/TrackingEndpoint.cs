using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Tracking;

/// <summary>A public address inside a mail: a token in its path, never cached.</summary>
internal abstract class TrackingEndpoint : PublicEndpoint
{
    /// <summary>Keeps browsers and proxies from answering in our stead.</summary>
    protected void ForbidCaching() => HttpContext.Response.Headers.CacheControl = "no-store, private";

    protected void TellWhetherStored(bool isStored)
    {
        if (!isStored)
            HttpContext.Response.Headers["Tracking-Stored"] = "no";
    }
}
