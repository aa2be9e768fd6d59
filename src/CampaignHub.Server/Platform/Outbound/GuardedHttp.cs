using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace CampaignHub.Server.Platform.Outbound;

/// <summary>
/// HTTP to hosts that tenants name. The guard stands in the connect callback: the addresses that were checked are the ones that are
/// connected to, so that a name can't be rebound in between. No proxy, no redirect, no cookies; TLS is verified.
/// </summary>
public static class GuardedHttp
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    /// <summary>A named client for the factory that reaches out only so.</summary>
    /// <param name="services">Where it is added.</param>
    /// <param name="name">Its name.</param>
    /// <param name="connectionsPerHost">Beyond so many to one host the next call waits, whoever's it is.</param>
    public static IHttpClientBuilder AddGuardedHttpClient(this IServiceCollection services, string name, int connectionsPerHost = 16) =>
        services.AddHttpClient(name).ConfigurePrimaryHttpMessageHandler(provider => NewHandler(provider.GetRequiredService<OutboundGuard>(), connectionsPerHost));

    /// <summary>The handler of a client that may be reached into only so.</summary>
    public static SocketsHttpHandler NewHandler(OutboundGuard guard, int connectionsPerHost = 16) => new()
    {
        ConnectCallback = (context, ct) => ConnectAsync(guard, context.DnsEndPoint, ct),
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionIdleTimeout = Idle,
        // A connection that is kept was checked once: after a while the name is asked again.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = connectionsPerHost,
        MaxResponseHeadersLength = 32,
        // Fetching revocation lists or missing issuers would connect to hosts that certificates name, past the guard.
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
        },
    };

    private static async ValueTask<Stream> ConnectAsync(OutboundGuard guard, DnsEndPoint place, CancellationToken ct)
    {
        var target = await guard.ResolveAsync(place.Host, ct);
        if (target.Refusal is { } refusal)
            throw new HttpRequestException(refusal.Reason);
        return new NetworkStream(await OutboundDial.ConnectAsync(target, place.Port, ct), ownsSocket: true);
    }
}
