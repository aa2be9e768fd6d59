using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace CampaignHub.Server.Platform.Http;

/// <summary>What a browser posts from a page of ours (<c>application/x-www-form-urlencoded</c>), untrusted.</summary>
internal sealed class PostedForm
{
    public const string MediaType = "application/x-www-form-urlencoded";

    private const int Limit = 16 * 1024;

    private readonly Dictionary<string, StringValues> _values;

    private PostedForm(Dictionary<string, StringValues> values) => _values = values;

    /// <exception cref="ProblemException">413: over 16 KB; 415: of another media type.</exception>
    public static async Task<PostedForm> ReadAsync(HttpContext context, CancellationToken ct)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentType?.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase) != true)
            throw new ProblemException(Problems.UnsupportedMediaType(MediaType));
        var body = await RequestBody.ReadAsync(context, ct, Limit);
        return new PostedForm(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.Bytes.Span)));
    }

    /// <summary>A field's value without blanks around it; null where it is absent or empty. The first, where it stands there several times.</summary>
    public string? Line(string field) => _values.TryGetValue(field, out var values) && !string.IsNullOrWhiteSpace(values[0]) ? values[0]!.Trim() : null;

    /// <summary>All values of a field, such as of boxes that are ticked.</summary>
    public IReadOnlyList<string> All(string field) => _values.TryGetValue(field, out var values) ? [.. values.OfType<string>()] : [];
}
