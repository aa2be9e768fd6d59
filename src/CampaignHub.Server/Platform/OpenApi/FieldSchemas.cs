using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>
/// Makes each object's schema say what the API does: a request has only these fields and needs those that a rule asks
/// for; an answer always has all of its fields. Null stands where it can be.
/// </summary>
internal sealed class FieldSchemas(FieldRules rules, RequestTypes requests) : ISchemaFilter
{
    private readonly NullabilityInfoContext nullability = new();

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchemaReference reference)
            reference.Description = null; // It stands at the type itself.
        if (schema is not OpenApiSchema own)
            return;
        own.Description = WireContracts.IsOptional(context.Type) && context.MemberInfo is { } member
            ? XmlDocs.Summary(member) // Not what Optional says of itself.
            : XmlDocs.Unwrap(own.Description);
        if (context.MemberInfo?.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
            own.Enum = [.. allowed.Values.Select(value => JsonSerializer.SerializeToNode(value)!)];
        if (context.MemberInfo is null && own.Properties is { Count: > 0 })
            Complete(own, context);
    }

    private void Complete(OpenApiSchema schema, SchemaFilterContext context)
    {
        var isRequest = requests.Contains(context.Type);
        schema.AdditionalPropertiesAllowed = !isRequest;
        schema.Required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var property in context.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (!schema.Properties!.TryGetValue(name, out var field))
                continue;
            var rule = rules.Of(context.Type, property.Name);
            var isOmittedWhenNull = property.IsDefined(typeof(JsonIgnoreAttribute));
            schema.Properties[name] = Field(field, property, rule, IsNullable(property) && !rule.RefusesNull && !isOmittedWhenNull);
            if (isRequest ? rule.IsRequired : !isOmittedWhenNull)
                schema.Required.Add(name);
        }
    }

    private static IOpenApiSchema Field(IOpenApiSchema field, PropertyInfo property, FieldRule rule, bool isNullable)
    {
        if (field is not OpenApiSchema own)
            return Reference(field, XmlDocs.Summary(property), isNullable);
        rule.ApplyTo(own);
        own.ReadOnly = own.WriteOnly = false;
        if (own.Type is not { } type)
            return own;
        own.Type = isNullable ? type | JsonSchemaType.Null : type & ~JsonSchemaType.Null;
        if (isNullable && own.Enum is { Count: > 0 } words)
            own.Enum = [.. words, JsonNullSentinel.JsonNull];
        return own;
    }

    private static IOpenApiSchema Reference(IOpenApiSchema reference, string? description, bool isNullable)
    {
        if (isNullable)
            return new OpenApiSchema { Description = description, AnyOf = [reference, new OpenApiSchema { Type = JsonSchemaType.Null }] };
        reference.Description = description ?? reference.Description;
        return reference;
    }

    private bool IsNullable(PropertyInfo property) =>
        WireContracts.IsOptional(property.PropertyType)
            ? property.PropertyType.GetGenericArguments()[0] is { IsValueType: false } or { IsGenericType: true } // A bare number can't be null.
            : nullability.Create(property).ReadState == NullabilityState.Nullable;
}
