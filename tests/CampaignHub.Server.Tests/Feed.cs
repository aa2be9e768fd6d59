using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests;

/// <summary>A poller of the feed that keeps its cursor, and keeps events whose type begins so, and not so.</summary>
public sealed class Feed(HttpClient http, string query = "", string only = "delivery.", string except = "-")
{
    private string? cursor;

    public List<JsonObject> Seen { get; } = [];

    /// <summary>Reads one page; how many such events it had.</summary>
    public async Task<int> ReadAsync()
    {
        var page = await http.GetJsonAsync($"/v1/events?limit=200{(cursor is null ? "" : $"&after={cursor}")}{query}");
        cursor = page["next_cursor"]!.GetValue<string>();
        JsonObject[] kept = [.. page["data"]!.AsArray().Select(e => e!.AsObject()).Where(e => e["type"]!.GetValue<string>() is var type
            && type.StartsWith(only, StringComparison.Ordinal) && !type.StartsWith(except, StringComparison.Ordinal))];
        Seen.AddRange(kept);
        return kept.Length;
    }

    /// <summary>Reads on until this many have been seen.</summary>
    public Task ReadUntilAsync(int count) => Eventually.Async(
        async () =>
        {
            while (await ReadAsync() > 0)
            {
            }
            return Seen.Count;
        }, seen => seen >= count, $"{count} events", seconds: 20);

    public IEnumerable<string> Values(string field) => Seen.Select(e => e[field]!.GetValue<string>());
}
