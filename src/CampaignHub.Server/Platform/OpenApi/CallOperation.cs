using System.Text.Json;
using CampaignHub.Server.Platform.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>Writes the description of one call: its words, parameters and body; <see cref="CallAnswers"/> writes the answers.</summary>
internal sealed class CallOperation(FieldRules rules) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var call = Call.Of(context.ApiDescription);
        operation.OperationId = call.Id;
        operation.Summary = call.Summary;
        operation.Description = string.Join("\n\n", new[] { call.Description, Security.Note(call.Access) }.OfType<string>());
        operation.Security = Security.Of(call.Access, context.Document);
        operation.Parameters = [.. Parameters(call, context)];
        operation.RequestBody = Body(call, context);
        operation.Responses = CallAnswers.Of(call, context);
    }

    private IEnumerable<IOpenApiParameter> Parameters(Call call, OperationFilterContext context)
    {
        var known = call.Request?.Parameters.ToDictionary(p => p.Key, p => p.Value, StringComparer.OrdinalIgnoreCase) ?? [];
        foreach (var name in call.RouteParameters)
            yield return known.Remove(Wire(name), out var property)
                ? Parameter(name, ParameterLocation.Path, property, context)
                : new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        foreach (var (name, property) in known)
            yield return Parameter(name, ParameterLocation.Query, property, context);
        if (call.TakesIdempotencyKey)
            yield return new OpenApiParameterReference(SharedParts.IdempotencyKey, context.Document);
    }

    private OpenApiParameter Parameter(string name, ParameterLocation place, System.Reflection.PropertyInfo property, OperationFilterContext context)
    {
        var schema = (OpenApiSchema)context.SchemaGenerator.GenerateSchema(property.PropertyType, context.SchemaRepository, property);
        var rule = rules.Of(property.ReflectedType!, property.Name);
        rule.ApplyTo(schema);
        schema.Type &= ~JsonSchemaType.Null;
        var description = XmlDocs.Unwrap(schema.Description);
        schema.Description = null;
        var required = place == ParameterLocation.Path || rule.IsRequired;
        return new OpenApiParameter { Name = name, In = place, Required = required, Description = description, Schema = schema };
    }

    private static OpenApiRequestBody? Body(Call call, OperationFilterContext context)
    {
        if (call.Request?.Body?.PropertyType is { } type)
            return new OpenApiRequestBody
            {
                Required = !RequestShape.AllowsEmptyBody(type),
                Content = Media.Json(context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository)),
            };
        return call.Metadata.GetMetadata<StreamedBodyRule>() is { } streamed
            ? new OpenApiRequestBody { Required = true, Content = Media.Text(streamed.ContentTypes) }
            : null;
    }

    private static string Wire(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

/// <summary>Bodies by media type.</summary>
internal static class Media
{
    public static Dictionary<string, IOpenApiMediaType> Json(IOpenApiSchema schema) => new() { ["application/json"] = new OpenApiMediaType { Schema = schema } };

    /// <summary>Media that are no JSON are streamed: a string to the description.</summary>
    public static Dictionary<string, IOpenApiMediaType> Text(IEnumerable<string> types) => types.Distinct().ToDictionary(
        type => type,
        IOpenApiMediaType (_) => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
}
