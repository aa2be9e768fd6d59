using System.Buffers;
using System.Text.Json;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Json;

namespace CampaignHub.Server.Tracking.Spool;

/// <summary>Hits as the spool's records hold them: JSON, with the ids by which each is stored once.</summary>
internal static class SpooledHits
{
    public static ReadOnlyMemory<byte> Write(IEnumerable<ReceivedHit> hits)
    {
        var frames = new ArrayBufferWriter<byte>(64 * 1024);
        foreach (var hit in hits)
            SpoolFrames.Write(frames, JsonSerializer.SerializeToUtf8Bytes(hit, ApiJson.Options));
        return frames.WrittenMemory;
    }

    /// <summary>Null where a record is sound but holds no hit that this version knows.</summary>
    public static ReceivedHit? Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize<ReceivedHit>(content.Span, ApiJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
