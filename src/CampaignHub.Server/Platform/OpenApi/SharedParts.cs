using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>What calls have in common, written once: the rooms' tags, the problems, the <c>Idempotency-Key</c>.</summary>
internal sealed class SharedParts(DescribedCalls described) : IDocumentFilter
{
    public const string IdempotencyKey = "idempotency_key";

    private static readonly Dictionary<int, (string Id, string Description, Problem Example)> KnownProblems = new()
    {
        [400] = ("malformed", "It can't be read: no JSON, an unknown field or parameter, or a wrong type.",
            Problems.Malformed("nmae", "unknown_field", "There is no field nmae here.")),
        [401] = ("unauthorized", "The API key is missing, unknown or revoked.", Problems.Unauthorized("Send the header 'Authorization: Bearer <api key>'.")),
        [403] = ("forbidden", "The key lacks the scope, the tenant is suspended, or only the operator may do this.", Problems.ScopeMissing("settings:write")),
        [404] = ("not_found", "There is no such thing at this tenant.", Problems.NotFound("list")),
        [409] = ("conflict", "The state forbids it, or the first request with this Idempotency-Key is still running.",
            Problems.StateConflict("The campaign is sending; it can be paused or cancelled.")),
        [413] = ("too_large", "The body is too large.", Problems.TooLarge(RequestBody.Limit)),
        [415] = ("unsupported_media_type", "The body's media type is not taken here.", Problems.UnsupportedMediaType("application/json")),
        [422] = ("invalid", "It can be read, but a value is invalid, or not supported yet; or the Idempotency-Key was used with another body.",
            Problems.Invalid("name", "required", "name must not be empty.")),
        [429] = ("too_many_requests", "Too many requests, or too many wrong keys or signatures from this network.", Problems.TooManyRequests("key", 12_000, 42)),
        [500] = ("internal", "Something broke on our side. It has been logged.", Problems.Internal()),
        [503] = ("unavailable", "A part of the service is away for the moment.", Problems.Unavailable()),
    };

    public static IEnumerable<int> ProblemStatuses => KnownProblems.Keys;

    /// <summary>The shared answer of a status. Fails for a status that no problem has.</summary>
    public static OpenApiResponseReference ProblemReference(int status, OpenApiDocument document) => new(KnownProblems[status].Id, document);

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        var problem = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        var used = document.Paths.Values.SelectMany(p => p.Operations!.Values).SelectMany(o => o.Responses!.Values)
            .OfType<OpenApiResponseReference>().Select(r => r.Reference.Id).ToHashSet();
        document.Tags = new HashSet<OpenApiTag>(Room.All.Where(room => described.Calls.Any(call => call.Room == room))
            .Select(room => new OpenApiTag { Name = room.Name, Description = room.Description }));
        document.Components!.Parameters = new Dictionary<string, IOpenApiParameter> { [IdempotencyKey] = IdempotencyKeyHeader() };
        document.Components.Responses = KnownProblems.Where(known => used.Contains(known.Value.Id))
            .ToDictionary(known => known.Value.Id, IOpenApiResponse (known) => Response(known.Value.Description, known.Value.Example, problem));
    }

    private static OpenApiResponse Response(string description, Problem example, IOpenApiSchema schema) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            ["application/problem+json"] = new OpenApiMediaType { Schema = schema, Example = JsonSerializer.SerializeToNode(example, ApiJson.Options) },
        },
        Headers = example.RetryAfterSeconds is null ? null : new Dictionary<string, IOpenApiHeader>
        {
            ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
        },
    };

    private static OpenApiParameter IdempotencyKeyHeader() => new()
    {
        Name = IdempotencyKeys.Header,
        In = ParameterLocation.Header,
        Description = "Makes it safe to send the request again: for 24 hours the same key with the same body is given the first answer.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255, Pattern = "^[ -~]+$", Examples = [(JsonNode)"order-4711"] },
    };
}
