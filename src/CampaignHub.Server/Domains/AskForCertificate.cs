using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;

namespace CampaignHub.Server.Domains;

/// <summary>A name that a TLS front wants a certificate for.</summary>
public sealed class CertificateQuestion
{
    /// <summary>The name that a browser asks for.</summary>
    /// <example>links.shop.example</example>
    public string? Domain { get; set; }
}

/// <summary>
/// Tells the operator's TLS front whether it may get a certificate for a name, as Caddy's <c>on_demand_tls</c> asks: for the public
/// URL's host, and for every tracking domain of an active tenant, also before it is verified, since that needs the certificate.
/// </summary>
internal sealed class AskForCertificate(Database database, DomainTargets targets) : Endpoint<CertificateQuestion>
{
    public override void Configure()
    {
        Get("/tls/ask");
        AllowAnonymous();
        Summary(s => s.Summary = "Ask whether a name is ours");
        Description(route => route.ClearDefaultAccepts().ClearDefaultProduces()
            .Produces(StatusCodes.Status200OK, contentType: "text/plain").Produces(StatusCodes.Status404NotFound, contentType: "application/problem+json"));
    }

    public override async Task HandleAsync(CertificateQuestion req, CancellationToken ct)
    {
        if (!await IsOursAsync(req.Domain, ct))
        {
            await SerializedAnswer.Of(Problems.NotFound("name")).SendAsync(HttpContext, ct);
            return;
        }
        HttpContext.Response.ContentType = "text/plain";
        await HttpContext.Response.WriteAsync("ours\n", ct);
    }

    private async Task<bool> IsOursAsync(string? asked, CancellationToken ct)
    {
        if (Uri.CheckHostName(asked) != UriHostNameType.Dns)
            return false;
        var name = asked!.TrimEnd('.').ToLowerInvariant();
        return name == targets.TrackingHost || (await database.LookUpAsync<bool>("SELECT is_tracking_domain(@name)", new { name }, ct)).Single();
    }
}
