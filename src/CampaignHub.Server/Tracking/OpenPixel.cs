using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>
/// The pixel of a mail, which is always answered. The open is stored before the answer; where it can't be, the answer carries
/// <c>Tracking-Stored: no</c>. An invalid token gets the same picture.
/// </summary>
internal sealed class OpenPixel(TokenReader tokens, HitIngest ingest, HitOrigins origins, IClock clock) : TrackingEndpoint
{
    /// <summary>The smallest transparent GIF89a that every mail program shows: 43 bytes.</summary>
    private static readonly byte[] Gif =
    [
        .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, // 1 × 1, a palette of two
        0x21, 0xF9, 4, 1, 0, 0, 0, 0, // the first colour is transparent
        0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B,
    ];

    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/o/{token}.gif");
        Describe("Count an open", StatusCodes.Status200OK, "image/gif", canBeMissing: false);
    }

    public override async Task HandleAsync(TokenRequest req, CancellationToken ct)
    {
        if (tokens.Read(req.Token, TrackingTokenKind.Open) is { } token)
            TellWhetherStored(await ingest.StoreAsync(origins.Mark(ReceivedHit.Open(token, HttpContext.Request, clock.GetCurrentInstant()), HttpContext)));
        ForbidCaching();
        var response = HttpContext.Response;
        response.ContentType = "image/gif";
        response.ContentLength = Gif.Length;
        await response.Body.WriteAsync(Gif, ct);
    }
}
