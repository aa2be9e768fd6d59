using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CampaignHub.Server.Demo.Client;

namespace CampaignHub.Server.Demo.Outside;

/// <summary>An invented shop on Shopify: what happens in it is posted to the service, signed, as Shopify's webhooks are.</summary>
/// <param name="http">Calls the service, without a key.</param>
/// <param name="hook">Where the service wants it.</param>
/// <param name="secret">What it is signed with.</param>
internal sealed class ShopFront(HttpClient http, Uri hook, string secret)
{
    public const string Domain = "lark-and-loom.example";

    private readonly HashSet<string> _events = [];
    private int _posted;

    /// <summary>Events that were told of, each once however often it was posted.</summary>
    public int Events => _events.Count;

    /// <summary>Messages that were posted and taken.</summary>
    public int Posted => _posted;

    /// <summary>Posts what happened. The same event posted again has the same id.</summary>
    public async Task PostAsync(string eventId, string topic, object what, CancellationToken ct)
    {
        var status = await SendAsync(eventId, topic, what, Encoding.UTF8.GetBytes(secret), ct);
        if (status != HttpStatusCode.OK)
            throw new DemoFailure($"The shop's {topic} was answered {(int)status} instead of 200.");
        _posted++;
        _events.Add(eventId);
    }

    /// <summary>Somebody who doesn't know the secret posts in the shop's name. Answers what they got.</summary>
    public Task<HttpStatusCode> ForgeAsync(string topic, object what, CancellationToken ct) =>
        SendAsync("forged", topic, what, "somebody's guess at the secret"u8.ToArray(), ct);

    private async Task<HttpStatusCode> SendAsync(string eventId, string topic, object what, byte[] key, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(what);
        using var request = new HttpRequestMessage(HttpMethod.Post, hook)
        {
            Content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/json" } } },
            Headers =
            {
                { "X-Shopify-Topic", topic },
                { "X-Shopify-Shop-Domain", Domain },
                { "X-Shopify-Event-Id", eventId },
                { "X-Shopify-Hmac-Sha256", Convert.ToBase64String(HMACSHA256.HashData(key, body)) },
            },
        };
        using var answer = await http.AskAsync(request, ct);
        return answer.StatusCode;
    }
}
