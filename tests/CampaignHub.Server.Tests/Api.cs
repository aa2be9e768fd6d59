using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests;

/// <summary>Calls that say what they expect, and show the answer where it is another.</summary>
public static class Api
{
    public static async Task<JsonObject> ExpectAsync(this Task<HttpResponseMessage> call, HttpStatusCode expected)
    {
        using var answer = await call;
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri} answered: {body}");
        return body.Length == 0 ? [] : JsonNode.Parse(body)!.AsObject();
    }

    public static Task<JsonObject> GetJsonAsync(this HttpClient http, string path) => http.GetAsync(path).ExpectAsync(HttpStatusCode.OK);

    public static Task<JsonObject> PostAsync(this HttpClient http, string path, object body, HttpStatusCode expected) =>
        http.PostAsJsonAsync(path, body).ExpectAsync(expected);

    public static Task<JsonObject> PatchAsync(this HttpClient http, string path, object body, HttpStatusCode expected) =>
        http.PatchAsJsonAsync(path, body).ExpectAsync(expected);

    public static Task<JsonObject> PutAsync(this HttpClient http, string path, object body, HttpStatusCode expected) =>
        http.PutAsJsonAsync(path, body).ExpectAsync(expected);

    /// <summary>Posts text as it is: for bodies that no serializer would write.</summary>
    public static Task<HttpResponseMessage> PostRawAsync(this HttpClient http, string path, string body, string mediaType = "application/json") =>
        http.PostAsync(path, new StringContent(body, Encoding.UTF8, mediaType));

    /// <summary>The problem's own word, from its type: <c>urn:campaignhub:problem:…</c>.</summary>
    public static string ProblemType(this JsonObject problem) => problem["type"]!.GetValue<string>()["urn:campaignhub:problem:".Length..];

    /// <summary>The code of one bad field, or null where the field isn't named.</summary>
    public static string? FieldCode(this JsonObject problem, string path) => problem["errors"]?[path]?["code"]?.GetValue<string>();
}
