using System.Globalization;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Http;
using FluentValidation.Validators;
using Microsoft.OpenApi;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>What a validator asks of one field, in JSON Schema's words.</summary>
internal sealed class FieldRule
{
    public static readonly FieldRule None = new();
    private readonly List<(IPropertyValidator Validator, bool OfItems)> checks = [];

    /// <summary>The field can't be left out.</summary>
    public bool IsRequired { get; private set; }

    /// <summary>The field may be left out, but null is refused where it is given.</summary>
    public bool RefusesNull { get; private set; }

    public void Add(IPropertyValidator validator, bool ofItems, bool isConditional)
    {
        checks.Add((validator, ofItems));
        if (validator is not (INotEmptyValidator or INotNullValidator) || ofItems)
            return;
        RefusesNull = true;
        IsRequired |= !isConditional;
    }

    public void ApplyTo(OpenApiSchema schema)
    {
        foreach (var (validator, ofItems) in checks)
            if ((ofItems ? schema.Items : schema) is OpenApiSchema judged)
                Apply(validator, judged);
    }

    private static void Apply(IPropertyValidator validator, OpenApiSchema schema)
    {
        switch (validator)
        {
            case INotEmptyValidator:
                RefuseEmpty(schema);
                break;
            case ILengthValidator length:
                schema.MinLength = length.Min > 0 ? length.Min : schema.MinLength;
                schema.MaxLength = length.Max > 0 ? length.Max : schema.MaxLength;
                break;
            case IRegularExpressionValidator pattern:
                schema.Pattern = pattern.Expression;
                break;
            case IOneOfValidator { Words.Count: > 0 } words:
                schema.Enum = [.. words.Words.Select(word => JsonValue.Create(word))];
                break;
            case IBetweenValidator range:
                schema.Minimum = Number(range.From);
                schema.Maximum = Number(range.To);
                break;
            case IComparisonValidator comparison:
                Compare(comparison, schema);
                break;
        }
    }

    private static void RefuseEmpty(OpenApiSchema schema)
    {
        if (schema.Type is { } list && list.HasFlag(JsonSchemaType.Array))
            schema.MinItems ??= 1;
        else if (schema.Type is { } text && text.HasFlag(JsonSchemaType.String) && schema.Format is null)
            schema.MinLength ??= 1;
    }

    private static void Compare(IComparisonValidator comparison, OpenApiSchema schema)
    {
        var number = Number(comparison.ValueToCompare);
        switch (comparison.Comparison)
        {
            case Comparison.GreaterThanOrEqual: schema.Minimum = number; break;
            case Comparison.GreaterThan: schema.ExclusiveMinimum = number; break;
            case Comparison.LessThanOrEqual: schema.Maximum = number; break;
            case Comparison.LessThan: schema.ExclusiveMaximum = number; break;
        }
    }

    /// <summary>A bound as JSON Schema has it; bounds that are no numbers, such as instants, it has no word for.</summary>
    private static string? Number(object? value) =>
        value is int or long or short or byte or decimal or double or float ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
}
