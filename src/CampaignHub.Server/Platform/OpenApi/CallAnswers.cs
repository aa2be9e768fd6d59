using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>
/// What a call can answer: its own answer (<see cref="AnswerRule"/>), other media that it declares
/// (<c>Produces(status, type, media)</c>), and the problems that follow from its shape.
/// </summary>
internal static class CallAnswers
{
    public static OpenApiResponses Of(Call call, OperationFilterContext context)
    {
        var responses = new SortedDictionary<int, IOpenApiResponse>();
        foreach (var status in Statuses(call))
            responses[status] = Success(status, call, context);
        foreach (var declared in Declared(call))
            Add(responses, declared, context);
        foreach (var status in ProblemStatuses(call))
            responses.TryAdd(status, SharedParts.ProblemReference(status, context.Document));
        var answers = new OpenApiResponses();
        foreach (var (status, response) in responses)
            answers.Add(status.ToString(System.Globalization.CultureInfo.InvariantCulture), response);
        return answers;
    }

    /// <summary>The statuses of the JSON answer; none for a call that has only other media.</summary>
    private static IReadOnlyCollection<int> Statuses(Call call) =>
        call.Metadata.GetMetadata<AnswerRule>() is { } rule ? rule.Statuses
        : AnswerType(call) is not null ? [StatusCodes.Status200OK]
        : Declared(call).Any() ? []
        : [StatusCodes.Status204NoContent];

    private static Type? AnswerType(Call call) =>
        call.Definition?.ResDtoType is { } type && type != typeof(Nothing) && type != typeof(object) && type != typeof(EmptyResponse) ? type : null;

    private static OpenApiResponse Success(int status, Call call, OperationFilterContext context)
    {
        var response = new OpenApiResponse { Description = Word(status) };
        if (status != StatusCodes.Status204NoContent && AnswerType(call) is { } type)
            response.Content = Media.Json(context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository));
        if (status == StatusCodes.Status201Created)
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Location"] = new OpenApiHeader
                {
                    Description = "The path of what was made.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri-reference" },
                },
            };
        return response;
    }

    /// <summary>FastEndpoints declares JSON for each call by itself: that is the rule's and the answer type's to say.</summary>
    private static IEnumerable<IProducesResponseTypeMetadata> Declared(Call call) =>
        call.Metadata.OfType<IProducesResponseTypeMetadata>()
            .Where(produced => call.Definition is null || !IsDefault(produced));

    private static bool IsDefault(IProducesResponseTypeMetadata produced) =>
        produced.StatusCode < 300 && produced.ContentTypes.All(type => type == "application/json");

    private static void Add(SortedDictionary<int, IOpenApiResponse> responses, IProducesResponseTypeMetadata declared, OperationFilterContext context)
    {
        if (declared.ContentTypes.Contains("application/problem+json"))
            responses[declared.StatusCode] = SharedParts.ProblemReference(declared.StatusCode, context.Document);
        else
            AddMedia(responses, declared, context);
    }

    private static void AddMedia(SortedDictionary<int, IOpenApiResponse> responses, IProducesResponseTypeMetadata declared, OperationFilterContext context)
    {
        if (responses.GetValueOrDefault(declared.StatusCode) is not OpenApiResponse response)
            responses[declared.StatusCode] = response = new OpenApiResponse { Description = declared.Description ?? Word(declared.StatusCode) };
        response.Content ??= new Dictionary<string, IOpenApiMediaType>();
        var media = declared.ContentTypes.All(type => type == "application/json") && declared.Type is { } type && type != typeof(void)
            ? Media.Json(context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository))
            : Media.Text(declared.ContentTypes);
        foreach (var (name, content) in media)
            response.Content[name] = content;
    }

    /// <summary>Calls that need no key answer only what they declare: a pixel is a pixel whatever was asked.</summary>
    private static IEnumerable<int> ProblemStatuses(Call call)
    {
        if (call.Access is null)
            return [];
        var hasBody = call.Request?.Body is not null || call.Metadata.GetMetadata<StreamedBodyRule>() is not null;
        var hasValues = hasBody || call.TakesIdempotencyKey || call.Request?.Parameters.Count > call.RouteParameters.Count();
        return SharedParts.ProblemStatuses.Where(status => status switch
        {
            404 => call.RouteParameters.Any() || call.Request?.Parameters.Values.Any(p => WireContracts.Unwrap(p.PropertyType) == typeof(Guid)) == true,
            409 => call.TakesIdempotencyKey || call.Metadata.GetMetadata<ConflictRule>() is not null,
            413 or 415 => hasBody,
            422 => hasValues,
            _ => true,
        });
    }

    private static string Word(int status) => status switch
    {
        201 => "Made.",
        202 => "Accepted: the work has begun.",
        204 => "Done; there is no body.",
        304 => "Nothing has changed since the answer whose ETag was sent as If-None-Match.",
        301 or 302 or 303 or 307 or 308 => "A redirect.",
        >= 400 => "It can't be done.",
        _ => "Done.",
    };
}
