using System.Buffers;
using System.Net.Http.Headers;
using System.Security.Authentication;
using CampaignHub.Core.Webhooks;
using CampaignHub.Server.Platform.Outbound;
using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>Makes one call, as Standard Webhooks has it: a POST with id, time stamp and signatures, answered within 15 seconds.</summary>
internal sealed class WebhookClient(IHttpClientFactory clients)
{
    public const string ClientName = "webhooks";

    /// <summary>The longest that a call may take, from connecting to the end of the answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const int MostOfAnswer = 64 * 1024;

    /// <summary>Calls an endpoint. A fault of the endpoint's is an answer.</summary>
    /// <param name="url">Where.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="body">What.</param>
    /// <param name="secrets">What it is signed with.</param>
    /// <param name="now">The time stamp.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<WebhookAnswer> CallAsync(string url, string id, byte[] body, IReadOnlyList<byte[]> secrets, Instant now, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var request = Request(url, id, body, secrets, now.ToUnixTimeSeconds());
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            await ReadAsync(response, limit.Token);
            var status = (int)response.StatusCode;
            return new WebhookAnswer(status, status is >= 200 and < 300 ? null : $"HTTP {status}", PutOff(response.Headers.RetryAfter, now));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new WebhookAnswer(null, $"No answer within {Patience.TotalSeconds} seconds.");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidDataException)
        {
            return new WebhookAnswer(null, Words(fault));
        }
    }

    private static HttpRequestMessage Request(string url, string id, byte[] body, IReadOnlyList<byte[]> secrets, long timestamp)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("CampaignHub");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(id, timestamp, body, secrets));
        return request;
    }

    /// <summary>So much of the answer that the connection can be used again, and no more: what it says is of no interest.</summary>
    private static async Task ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var content = await response.Content.ReadAsStreamAsync(ct);
        var buffer = ArrayPool<byte>.Shared.Rent(8 * 1024);
        try
        {
            for (var (left, read) = (MostOfAnswer, 1); left > 0 && read > 0; left -= read)
                read = await content.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Duration? PutOff(RetryConditionHeaderValue? retryAfter, Instant now) => retryAfter switch
    {
        { Delta: { } delta } => Duration.FromTimeSpan(delta),
        { Date: { } date } => Instant.FromDateTimeOffset(date) - now,
        _ => null,
    };

    private static string Words(Exception fault)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is AuthenticationException)
                return OutboundFault.Words($"TLS: {inner.Message}");
        }
        return OutboundFault.Words(fault.Message);
    }
}
