using System.Net;
using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests.Reports.Live;

/// <summary>Somebody who watches a report over server-sent events.</summary>
internal sealed class Watcher : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _events;

    private Watcher(HttpResponseMessage answer, Stream body) => (_answer, _events) = (answer, new StreamReader(body));

    /// <summary>The id of the last event.</summary>
    public string? LastId { get; private set; }

    public static async Task<Watcher> StartAsync(HttpClient http, Guid campaignId, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/campaigns/{campaignId}/live");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new Watcher(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event's report; null once the stream has ended in good order.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await _events.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                LastId = line["id: ".Length..];
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonNode.Parse(line["data: ".Length..])!.AsObject();
        }
        return null;
    }

    public void Dispose()
    {
        _events.Dispose();
        _answer.Dispose();
    }
}
