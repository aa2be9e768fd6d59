using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using CampaignHub.Server.Platform.Json;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace CampaignHub.Server.Platform.Http;

/// <summary>
/// Answers to those who ask again and again, such as dashboards: with an entity tag, by which one that has it already is
/// answered 304 without a body, and kept for a second by the caller's own cache and by nobody else's.
/// </summary>
internal static class PolledAnswer
{
    private const int TagBytes = 16;

    /// <summary>JSON. Its tag is weak: what differs from the body at rest, such as the moment of asking, is no change.</summary>
    /// <param name="body">What is answered.</param>
    /// <param name="atRest">The same without what changes by itself.</param>
    public static Answer<T> Json<T>(T body, T atRest) =>
        Answer.Ok(body) with { Tag = $"W/\"{VersionOf(atRest)}\"" };

    /// <summary>Another medium, byte for byte.</summary>
    public static Answer<T> Bytes<T>(string mediaType, byte[] content) =>
        Answer.Streamed<T>(mediaType, async (body, ct) => await body.WriteAsync(content, ct)) with { Tag = $"\"{VersionOf(content)}\"" };

    /// <summary>Tells one content from another: alike on every node.</summary>
    public static string VersionOf<T>(T content) => VersionOf(JsonSerializer.SerializeToUtf8Bytes(content, ApiJson.Options));

    /// <summary>Sets the headers, and says whether the caller has this very answer.</summary>
    public static bool IsKnown(HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, max-age=1";
        context.Response.Headers.Vary = "Accept, Authorization";
        // If-None-Match compares weakly (RFC 9110 section 13.1.2).
        var own = EntityTagHeaderValue.Parse(tag);
        return new RequestHeaders(context.Request.Headers).IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(own, useStrongComparison: false));
    }

    private static string VersionOf(byte[] content) => Base64Url.EncodeToString(SHA256.HashData(content).AsSpan(0, TagBytes));
}
