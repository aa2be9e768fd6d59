using System.Text.Json;
using CampaignHub.Core.Sending;

namespace CampaignHub.Core.Inbound.Providers;

/// <summary>Reads JSON of others, which may have anything anywhere: what isn't as expected is absent.</summary>
internal static class JsonFields
{
    private const int MaxDepth = 32;
    private const int MaxId = 200;

    /// <summary>The document; null where it is no JSON, or nested deeper than any provider's.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static JsonElement? Member(this JsonElement of, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(name, out var member))
                return null;
            of = member;
        }
        return of;
    }

    /// <summary>A text, or a number as it is written; null for all else, half a surrogate pair too.</summary>
    public static string? Word(this JsonElement of, params ReadOnlySpan<string> path)
    {
        try
        {
            return of.Member(path) is not { } member ? null : member.ValueKind switch
            {
                JsonValueKind.String => member.GetString(),
                JsonValueKind.Number => member.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static IEnumerable<JsonElement> Items(this JsonElement of, params ReadOnlySpan<string> path) =>
        of.Member(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>An id of the provider's: 1 to 200 characters on one line; null where it isn't such.</summary>
    public static string? Id(this JsonElement of, params ReadOnlySpan<string> path) =>
        of.Word(path)?.Trim('<', '>', ' ') is { Length: > 0 and <= MaxId } id && !id.Any(char.IsControl) ? id : null;

    /// <summary>The text where it may be a token of ours.</summary>
    public static string? Token(string? text) => text?.Trim() is { } token && ReturnPath.IsLike(token) ? token : null;

    /// <summary>The local part of an address where it may be a return path of ours.</summary>
    public static string? ReturnPathOf(string? address) => Token(address?.Split('@')[0].TrimStart('<'));

    /// <summary>The Message-ID where it may be ours.</summary>
    public static string? MessageId(string? text) =>
        text?.Trim('<', '>', ' ') is { Length: <= MaxId } id && id.Split('@') is [var local, { Length: > 0 }] && Guid.TryParseExact(local, "D", out _) && !id.Any(char.IsControl)
            ? id : null;
}
