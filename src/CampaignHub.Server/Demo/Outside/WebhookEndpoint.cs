using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace CampaignHub.Server.Demo.Outside;

/// <summary>
/// Somebody else's server, which is told of every event and believes what is signed and fresh: Standard Webhooks 1.0.0, written
/// without the service's own code, as a merchant would.
/// </summary>
internal sealed class WebhookEndpoint : IAsyncDisposable
{
    private const string Path = "/campaign-events";
    private const long MostSecondsOff = 300;

    private readonly ConcurrentDictionary<string, int> _believed = new();
    private readonly WebApplication _app;
    private readonly IClock _clock;
    private byte[] _secret = [];
    private int _refused;

    private WebhookEndpoint(WebApplication app, IClock clock) => (_app, _clock) = (app, clock);

    public string Url => _app.Urls.First() + Path;

    /// <summary>How often each message came that was believed, by its id.</summary>
    public IReadOnlyDictionary<string, int> Believed => _believed;

    /// <summary>Calls whose signature didn't hold.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public static async Task<WebhookEndpoint> StartAsync(IClock clock, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var endpoint = new WebhookEndpoint(builder.Build(), clock);
        endpoint._app.MapPost(Path, endpoint.ReceiveAsync);
        await endpoint._app.StartAsync(ct);
        return endpoint;
    }

    /// <summary>The secret as the service showed it: <c>whsec_</c> and Base64.</summary>
    public void Trust(string secret) => _secret = Convert.FromBase64String(secret["whsec_".Length..]);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        var (id, timestamp) = (request.Headers["webhook-id"].ToString(), request.Headers["webhook-timestamp"].ToString());
        if (!IsSigned($"{id}.{timestamp}.", body.ToArray(), request.Headers["webhook-signature"].ToString()))
        {
            Interlocked.Increment(ref _refused);
            return Results.Unauthorized();
        }
        // The clock may have skipped hours while the call was on its way: then it is made once more.
        if (!IsFresh(timestamp))
            return Results.Unauthorized();
        _believed.AddOrUpdate(id, 1, (_, times) => times + 1);
        return Results.NoContent();
    }

    private bool IsFresh(string timestamp) => long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && Math.Abs(_clock.GetCurrentInstant().ToUnixTimeSeconds() - at) <= MostSecondsOff;

    private bool IsSigned(string prefix, byte[] body, string signatures)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(prefix), .. body];
        var expected = HMACSHA256.HashData(_secret, signed);
        return signatures.Split(' ').Where(signature => signature.StartsWith("v1,", StringComparison.Ordinal))
            .Any(signature => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature[3..]), Encoding.ASCII.GetBytes(Convert.ToBase64String(expected))));
    }
}
