using System.Buffers.Text;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core.Tenancy;

namespace CampaignHub.Server.Platform.Http;

/// <summary>A page of a list.</summary>
/// <param name="Data">The items, in a stable order.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to read on; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor);

/// <summary>A request for a page of a list.</summary>
public abstract class PageRequest
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>How many items at the most: 1 to 200, 50 unless given.</summary>
    [Range(1, MaxLimit), DefaultValue(DefaultLimit)] // For the description; Cursors checks it.
    public int? Limit { get; set; }

    /// <summary>The <c>next_cursor</c> of the page before.</summary>
    public string? Cursor { get; set; }
}

/// <summary>
/// Cursors: the sort key of the last item under a MAC of the tenant's, so that a made-up or foreign one is refused (422).
/// </summary>
public sealed class Cursors(KeyRing keys)
{
    private const int MacSize = 8;

    /// <summary>Checks limit and cursor of a request; the key is null for the first page.</summary>
    public (int Limit, string? After) Read(PageRequest request, Guid tenantId, string list)
    {
        return (LimitOf(request.Limit), request.Cursor is null ? null : Open(request.Cursor, tenantId, list));
    }

    /// <summary>The limit asked for, or the default.</summary>
    public static int LimitOf(int? limit) => limit is < 1 or > PageRequest.MaxLimit
        ? throw new ProblemException(Problems.Invalid("limit", "out_of_range", $"limit is 1 to {PageRequest.MaxLimit}."))
        : limit ?? PageRequest.DefaultLimit;

    /// <summary>Reads a page that was asked for with one row more than its limit: that row says whether there is more.</summary>
    public Page<T> Page<T>(IReadOnlyList<T> rows, int limit, Guid tenantId, string list, Func<T, string> sortKey) =>
        rows.Count <= limit
            ? new Page<T>(rows, null)
            : new Page<T>([.. rows.Take(limit)], Seal(sortKey(rows[limit - 1]), tenantId, list));

    /// <summary>The cursor of a sort key.</summary>
    public string Seal(string sortKey, Guid tenantId, string list)
    {
        var key = Encoding.UTF8.GetBytes(sortKey);
        return Base64Url.EncodeToString([.. Mac(key, tenantId, list), .. key]);
    }

    /// <summary>The sort key of a cursor; one that this list didn't give is a problem of the parameter that held it.</summary>
    public string Open(string cursor, Guid tenantId, string list, string parameter = "cursor")
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(cursor.Length)];
        if (Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out var length) && length > MacSize)
        {
            var key = bytes.AsSpan(MacSize, length - MacSize);
            if (CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, MacSize), Mac(key, tenantId, list)))
                return Encoding.UTF8.GetString(key);
        }
        throw new ProblemException(Problems.Invalid(parameter, "invalid", "This cursor wasn't given by this list: start again without one."));
    }

    private byte[] Mac(ReadOnlySpan<byte> key, Guid tenantId, string list) =>
        HMACSHA256.HashData(keys.Derive(tenantId, "cursor", 32), (byte[])[.. Encoding.UTF8.GetBytes(list), 0, .. key])[..MacSize];
}
