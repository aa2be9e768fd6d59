using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CampaignHub.Server.Platform.Outbound;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>Fetches SNS's certificates, each once, and confirms subscriptions; at places that <see cref="Core.Inbound.Providers.SnsMessage"/> took for SNS's own.</summary>
internal sealed class SnsClient(IHttpClientFactory clients) : IDisposable
{
    public const string ClientName = "sns";

    private const int MostBytes = 64 * 1024;
    private const int MostCertificates = 100;

    private readonly ConcurrentDictionary<Uri, X509Certificate2> _certificates = new();

    // Whoever knows a feed's URL and topic may name any certificate there: no more than one is asked for at a time.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The certificate; null where SNS has none there, or can't be reached.</summary>
    public async Task<X509Certificate2?> CertificateAsync(Uri place, CancellationToken ct)
    {
        if (_certificates.TryGetValue(place, out var known))
            return known;
        await _turn.WaitAsync(ct);
        try
        {
            if (_certificates.TryGetValue(place, out known))
                return known;
            var (pem, _) = await GetAsync(place, ct);
            if (pem is null || Parse(pem) is not { } certificate)
                return null;
            if (_certificates.Count >= MostCertificates)
                _certificates.Clear();
            return _certificates[place] = certificate;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Calls what confirms a subscription; answers why it failed, or null.</summary>
    public async Task<string?> ConfirmAsync(Uri place, CancellationToken ct) => (await GetAsync(place, ct)).Problem;

    /// <summary>What a client of this name is held to.</summary>
    public static void Limit(HttpClient client)
    {
        client.Timeout = TimeSpan.FromSeconds(10);
        client.MaxResponseContentBufferSize = MostBytes;
    }

    public void Dispose() => _turn.Dispose();

    private async Task<(string? Text, string? Problem)> GetAsync(Uri place, CancellationToken ct)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.GetAsync(place, ct);
            return answer.IsSuccessStatusCode
                ? (Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(ct)), null)
                : (null, $"SNS answered HTTP {(int)answer.StatusCode}.");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || fault is OperationCanceledException && !ct.IsCancellationRequested)
        {
            return (null, $"SNS can't be reached: {OutboundFault.Words(fault.Message)}");
        }
    }

    private static X509Certificate2? Parse(string pem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
