using System.Reflection;
using System.Text.Json;
using CampaignHub.Server.Platform.Json;
using FastEndpoints;

namespace CampaignHub.Server.Platform.Http;

/// <summary>
/// Fills a request: properties named in the route, then query parameters, then the one property marked
/// <c>[FromBody]</c> from JSON. What isn't known is refused, so that no accepted field is ever without effect.
/// </summary>
internal sealed class StrictBinder<TRequest> : IRequestBinder<TRequest> where TRequest : notnull
{
    private static readonly RequestShape Shape = new(typeof(TRequest));

    public async ValueTask<TRequest> BindAsync(BinderContext context, CancellationToken ct)
    {
        var http = context.HttpContext;
        var request = Activator.CreateInstance<TRequest>();
        BindParameters(request, http);
        if (Shape.Body is { } body)
            body.SetValue(request, await ReadBodyAsync(http, body.PropertyType, ct));
        return request;
    }

    private static void BindParameters(TRequest request, HttpContext http)
    {
        foreach (var (name, values) in http.Request.Query)
        {
            if (!Shape.Parameters.ContainsKey(name) || http.Request.RouteValues.ContainsKey(name))
                throw new ProblemException(Problems.Malformed(name, "unknown_parameter", $"There is no query parameter {name} here."));
            if (values.Count > 1)
                throw new ProblemException(Problems.Malformed(name, "repeated", $"{name} is given more than once."));
        }
        foreach (var (name, property) in Shape.Parameters)
        {
            var text = http.Request.RouteValues.TryGetValue(name, out var routed) ? routed as string : http.Request.Query[name].ToString();
            if (!string.IsNullOrEmpty(text))
                property.SetValue(request, ParameterValues.Parse(name, text, property.PropertyType));
        }
    }

    private static async Task<object> ReadBodyAsync(HttpContext http, Type type, CancellationToken ct)
    {
        if (http.Request.ContentType is { } contentType && !http.Request.HasJsonContentType())
            throw new ProblemException(Problems.UnsupportedMediaType("application/json"));
        var body = await RequestBody.ReadAsync(http, ct);
        if (body.Bytes.Length == 0)
            return RequestShape.AllowsEmptyBody(type)
                ? Activator.CreateInstance(type)!
                : throw new ProblemException(Problems.Malformed("A JSON object is needed as the body."));
        if (http.Request.ContentType is null)
            throw new ProblemException(Problems.UnsupportedMediaType("application/json"));
        try
        {
            return JsonSerializer.Deserialize(body.Bytes.Span, type, ApiJson.Options)
                ?? throw new ProblemException(Problems.Malformed("The body is null where a JSON object is needed."));
        }
        catch (JsonException fault)
        {
            throw new ProblemException(JsonProblems.Of(fault));
        }
    }
}

/// <summary>Which properties of a request come from where; worked out once per type.</summary>
internal sealed class RequestShape
{
    public RequestShape(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).ToArray();
        Body = properties.SingleOrDefault(p => p.IsDefined(typeof(FromBodyAttribute)));
        Parameters = properties.Where(p => p != Body)
            .ToDictionary(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name), StringComparer.Ordinal);
    }

    public PropertyInfo? Body { get; }

    public IReadOnlyDictionary<string, PropertyInfo> Parameters { get; }

    public static bool AllowsEmptyBody(Type type) => type.IsDefined(typeof(OptionalBodyAttribute));
}

/// <summary>A body that may be left out altogether; it then has its defaults.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OptionalBodyAttribute : Attribute;
