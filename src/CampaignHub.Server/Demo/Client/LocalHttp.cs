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

    /// <summary>Sends; no answer is a failure of the demo, that it was interrupted is not.</summary>
    /// <exception cref="DemoFailure">No answer came in time, or the connection broke.</exception>
    public static async Task<HttpResponseMessage> AskAsync(this HttpClient http, HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            return await http.SendAsync(request, ct);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested && fault is HttpRequestException or TaskCanceledException)
        {
            throw new DemoFailure($"{request.Method} {request.RequestUri} was not answered: {fault.Message}");
        }
    }
}
