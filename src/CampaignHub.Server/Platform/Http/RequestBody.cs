using System.Buffers;
using System.Security.Cryptography;

namespace CampaignHub.Server.Platform.Http;

/// <summary>The bytes of a JSON request, read once, within its limit; their SHA-256 is what an Idempotency-Key is bound to.</summary>
public sealed class RequestBody
{
    /// <summary>Room for a campaign's HTML in JSON, and for 64 KB of attributes with all else.</summary>
    public const int Limit = 2 * 1024 * 1024;

    private RequestBody(byte[] bytes) => Bytes = bytes;

    public ReadOnlyMemory<byte> Bytes { get; }

    public byte[] Hash() => SHA256.HashData(Bytes.Span);

    /// <summary>The body of this request, if its endpoint reads one.</summary>
    public static RequestBody? Of(HttpContext context) => context.Features.Get<RequestBody>();

    public static async Task<RequestBody> ReadAsync(HttpContext context, CancellationToken ct, int limit = Limit)
    {
        if (context.Request.ContentLength > limit)
            throw new ProblemException(Problems.TooLarge(limit));
        var collected = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(ct);
            if (collected.WrittenCount + read.Buffer.Length > limit)
                throw new ProblemException(Problems.TooLarge(limit));
            foreach (var segment in read.Buffer)
                collected.Write(segment.Span);
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
        var body = new RequestBody(collected.WrittenSpan.ToArray());
        context.Features.Set(body);
        return body;
    }
}
