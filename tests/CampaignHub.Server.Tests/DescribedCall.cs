using System.Text;
using System.Text.Json.Nodes;
using CampaignHub.Server.Tests.Platform.OpenApi;
using Xunit.Abstractions;

namespace CampaignHub.Server.Tests;

/// <summary>A call as the API's description has it, which can be made with ids put in.</summary>
public sealed class DescribedCall : IXunitSerializable
{
    private static readonly JsonNode Document = JsonNode.Parse(Described.Service())!;

    /// <summary>Bodies of calls that need more than an empty object to be understood.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["POST /v1/campaigns/{id}/test"] = """{ "to": ["ann@shop.example"] }""",
        ["POST /v1/segments/preview"] = """{ "filter": { "field": "country", "op": "eq", "value": "DE" } }""",
        ["PUT /v1/frequency-cap"] = """{ "messages": 1, "per": "PT16H" }""",
        ["PUT /v1/holidays"] = """{ "countries": { "DE": ["2026-12-25"] } }""",
    };

    private string _method = "";
    private string _path = "";

    /// <summary>Every call that needs a key.</summary>
    public static IEnumerable<DescribedCall> All =>
        from operation in Described.Operations(Document)
        where operation.Path.StartsWith("/v1/", StringComparison.Ordinal)
        select new DescribedCall { _method = operation.Method.ToUpperInvariant(), _path = operation.Path };

    /// <summary>What its key needs; null: it is the operator's.</summary>
    public string? Scope => Operation["security"]![0]!["api_key"]!.AsArray().SingleOrDefault()?.GetValue<string>();

    /// <summary>Names of parameters that are ids, and what they are ids of.</summary>
    public IReadOnlyList<(string Name, string Kind)> Ids => [.. Parameters
        .Where(p => p["in"]!.GetValue<string>() == "path" || NameOf(p).EndsWith("_id", StringComparison.Ordinal))
        .Select(p => (NameOf(p), KindOf(NameOf(p))))];

    private JsonObject Operation => Document["paths"]![_path]![_method.ToLowerInvariant()]!.AsObject();

    private IEnumerable<JsonNode> Parameters => (Operation["parameters"]?.AsArray() ?? []).Select(p =>
        p!["$ref"] is { } reference ? Document["components"]!["parameters"]![reference.GetValue<string>().Split('/')[^1]]! : p);

    public bool OnlyReads => _method == "GET";

    public bool Takes(string parameter) => Parameters.Any(p => NameOf(p) == parameter);

    /// <param name="http">Whose call it is.</param>
    /// <param name="ids">By name of parameter, or by kind.</param>
    /// <param name="query">More of the query.</param>
    public Task<HttpResponseMessage> SendAsync(HttpClient http, IReadOnlyDictionary<string, string> ids, string query = "")
    {
        var path = _path;
        foreach (var choice in Parameters.Where(p => p["required"]?.GetValue<bool>() is true && p["schema"]!["enum"] is not null))
            query += $"&{NameOf(choice)}={choice["schema"]!["enum"]![0]}";
        foreach (var (name, kind) in Ids)
        {
            var value = ids.TryGetValue(name, out var named) ? named : ids[kind];
            if (path.Contains($"{{{name}}}", StringComparison.Ordinal))
                path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
            else
                query += $"&{name}={value}";
        }
        // Up to the headers: a stream of events has no end to wait for.
        return http.SendAsync(new HttpRequestMessage(new HttpMethod(_method), $"{path}?{query.TrimStart('&')}") { Content = Body() }, HttpCompletionOption.ResponseHeadersRead);
    }

    public override string ToString() => $"{_method} {_path}";

    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue("method", _method);
        info.AddValue("path", _path);
    }

    public void Deserialize(IXunitSerializationInfo info) =>
        (_method, _path) = (info.GetValue<string>("method"), info.GetValue<string>("path"));

    private StringContent? Body()
    {
        if (Operation["requestBody"]?["content"]?.AsObject().Select(c => c.Key).FirstOrDefault() is not { } mediaType)
            return null;
        return new StringContent(mediaType == "application/json" ? Bodies.GetValueOrDefault($"{this}", "{}") : "email\n", Encoding.UTF8, mediaType);
    }

    /// <summary>The segment before an id in the path; of <c>list_id</c> in the query, <c>lists</c>.</summary>
    private string KindOf(string name)
    {
        var segments = _path.Split('/');
        var place = Array.IndexOf(segments, $"{{{name}}}");
        return place > 0 ? segments[place - 1] : name[..^"_id".Length] + "s";
    }

    private static string NameOf(JsonNode parameter) => parameter["name"]!.GetValue<string>();
}
