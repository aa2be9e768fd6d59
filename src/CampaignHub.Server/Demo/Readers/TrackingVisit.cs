using System.Net;
using CampaignHub.Server.Demo.Client;

namespace CampaignHub.Server.Demo.Readers;

/// <summary>Requests to tracking URLs, made as somebody's program makes them.</summary>
/// <param name="http">Follows no redirects.</param>
/// <param name="userAgent">What the program calls itself.</param>
/// <param name="network">The address that it calls from, told as a proxy would.</param>
internal sealed class TrackingVisit(HttpClient http, string userAgent, string network)
{
    private static readonly Dictionary<string, string> s_oneClick = new() { ["List-Unsubscribe"] = "One-Click" };

    public async Task LoadAsync(Uri pixel, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Get, pixel, null, HttpStatusCode.OK, ct);
    }

    /// <summary>Answers where the link leads.</summary>
    public async Task<Uri> FollowAsync(Uri link, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Get, link, null, HttpStatusCode.Found, ct);
        return answer.Headers.Location ?? throw new DemoFailure($"{link} redirects nowhere.");
    }

    public async Task LookAtAsync(Uri page, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Get, page, null, HttpStatusCode.OK, ct);
    }

    /// <summary>One click in the mail program (RFC 8058).</summary>
    public async Task UnsubscribeAsync(Uri url, CancellationToken ct)
    {
        using var body = new FormUrlEncodedContent(s_oneClick);
        using var answer = await SendAsync(HttpMethod.Post, url, body, HttpStatusCode.OK, ct);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri url, HttpContent? body, HttpStatusCode expected, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, url) { Content = body };
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", network);
        var answer = await http.AskAsync(request, ct);
        if (answer.StatusCode == expected)
            return answer;
        using (answer)
            throw new DemoFailure($"{method} {url} was answered {(int)answer.StatusCode} instead of {(int)expected}.");
    }
}
