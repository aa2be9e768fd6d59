namespace CampaignHub.Server.Demo.Client;

/// <summary>Where the demo's HTTP clients are made.</summary>
internal static class LocalHttp
{
    /// <summary>A client that follows no redirects and keeps no cookies: redirects of the demo's mail lead to shops that don't exist.</summary>
    public static HttpClient To(Uri url)
    {
#pragma warning disable RS0030 // The demo stands outside of the service and calls it on this machine; the guard is for what the service calls.
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = url };
#pragma warning restore RS0030
    }
}
