using System.Net;
using System.Security.Authentication;
using CampaignHub.Core.Domains;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Health;
using CampaignHub.Server.Platform.Outbound;

namespace CampaignHub.Server.Domains;

/// <summary>Asks over TLS, as a browser would, whether this service answers behind a tracking domain.</summary>
internal sealed class TrackingHostProbe(IHttpClientFactory clients, KeyRing ring)
{
    public const string ClientName = "tracking-hosts";

    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const string Right = "This service answers.";

    public static string UrlOf(string host) => $"https://{host}{HealthPaths.Live}";

    public static RecordVerdict Judge(IReadOnlyList<string> found) => found is [Right] ? RecordVerdict.Right : RecordVerdict.Wrong(string.Join(' ', found));

    /// <summary>What is behind the host, in a sentence. Silence is an answer too: whoever clicks meets it.</summary>
    public async Task<RecordAnswer> ReadAsync(string host, CancellationToken ct)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.GetAsync(UrlOf(host), HttpCompletionOption.ResponseHeadersRead, ct);
            return new([SentenceOf(response)], null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new([$"Nothing answers at {UrlOf(host)} within {Patience.TotalSeconds} seconds."], null);
        }
        catch (HttpRequestException fault)
        {
            return new([OutboundFault.Words(SentenceOf(host, fault))], null);
        }
    }

    private string SentenceOf(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            return $"{response.RequestMessage!.RequestUri} answers {(int)response.StatusCode}, not 200.";
        return response.Headers.TryGetValues(HealthPaths.InstallationHeader, out var names) && names.SequenceEqual([ring.Fingerprint])
            ? Right
            : $"Something else than this service answers at {response.RequestMessage!.RequestUri}.";
    }

    private static string SentenceOf(string host, HttpRequestException fault) => fault.InnerException switch
    {
        AuthenticationException tls => $"No TLS with a valid certificate for {host}: {tls.Message}",
        { } inner => $"{UrlOf(host)} can't be reached: {inner.Message}",
        null => $"{UrlOf(host)} can't be reached: {fault.Message}",
    };
}
