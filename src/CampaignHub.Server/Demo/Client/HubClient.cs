using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignHub.Server.Platform.Json;

namespace CampaignHub.Server.Demo.Client;

/// <summary>The service as any caller sees it: over HTTP, with a key.</summary>
internal sealed class HubClient : IDisposable
{
    /// <summary>The API's own dialect, reading over fields that the demo has no use for.</summary>
    private static readonly JsonSerializerOptions s_json = new(ApiJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    private readonly HttpClient _http;

    public HubClient(Uri url, string key)
    {
        _http = LocalHttp.To(url);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Task<T> GetAsync<T>(string path, CancellationToken ct) => CallAsync<T>(HttpMethod.Get, path, null, ct);

    public Task<T> PostAsync<T>(string path, CancellationToken ct) => CallAsync<T>(HttpMethod.Post, path, null, ct);

    public Task<T> PostAsync<T>(string path, object body, CancellationToken ct) =>
        CallAsync<T>(HttpMethod.Post, path, JsonContent.Create(body, body.GetType(), options: s_json), ct);

    public Task<T> PostFileAsync<T>(string path, HttpContent body, CancellationToken ct) => CallAsync<T>(HttpMethod.Post, path, body, ct);

    /// <summary>Everything of a list, page by page.</summary>
    public async Task<IReadOnlyList<T>> GetAllAsync<T>(string path, CancellationToken ct)
    {
        List<T> all = [];
        string? cursor = null;
        do
        {
            var page = await GetAsync<Page<T>>($"{path}?limit=200{(cursor is null ? "" : $"&cursor={cursor}")}", ct);
            all.AddRange(page.Data);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="DemoFailure">The service refused, with what it said.</exception>
    private async Task<T> CallAsync<T>(HttpMethod method, string path, HttpContent? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var answer = await _http.AskAsync(request, ct);
        if (!answer.IsSuccessStatusCode)
            throw new DemoFailure($"{method} {path} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
        return await answer.Content.ReadFromJsonAsync<T>(s_json, ct)
            ?? throw new DemoFailure($"{method} {path} was answered without a body.");
    }

    private sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor);
}
