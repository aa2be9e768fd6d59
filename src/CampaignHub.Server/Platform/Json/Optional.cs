using System.Text.Json.Serialization.Metadata;

namespace CampaignHub.Server.Platform.Json;

/// <summary>A field that may be absent (left as it was), null (cleared) or given.</summary>
public readonly record struct Optional<T>(T? Value)
{
    public bool IsSet { get; } = true;

    public static implicit operator Optional<T>(T? value) => new(value);

    /// <summary>The given value, or what stands already where the field is absent.</summary>
    public T? Or(T? current) => IsSet ? Value : current;
}

/// <summary>
/// Reads a property of type <see cref="Optional{T}"/> as its value, so that a fault inside it is named by its whole path;
/// an absent field is never set and stays unset.
/// </summary>
internal static class OptionalFields
{
    public static void Read(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        for (var i = 0; i < type.Properties.Count; i++)
            if (type.Properties[i] is { PropertyType: { IsGenericType: true } wrapped } property
                && wrapped.GetGenericTypeDefinition() == typeof(Optional<>))
                type.Properties[i] = ReadAsValue(type, property, wrapped);
    }

    private static JsonPropertyInfo ReadAsValue(JsonTypeInfo type, JsonPropertyInfo property, Type wrapped)
    {
        var field = type.CreateJsonPropertyInfo(wrapped.GetGenericArguments()[0], property.Name);
        field.AttributeProvider = property.AttributeProvider;
        var set = property.Set!;
        field.Set = (owner, value) => set(owner, Activator.CreateInstance(wrapped, [value])!);
        return field;
    }
}
