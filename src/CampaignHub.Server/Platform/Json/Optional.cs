using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignHub.Server.Platform.Json;

/// <summary>A field that may be absent (left as it was), null (cleared) or given.</summary>
public readonly record struct Optional<T>(T? Value)
{
    public bool IsSet { get; } = true;

    public static implicit operator Optional<T>(T? value) => new(value);

    /// <summary>The given value, or what stands already where the field is absent.</summary>
    public T? Or(T? current) => IsSet ? Value : current;
}

/// <summary>Reads <see cref="Optional{T}"/>; an absent field never reaches the converter and stays unset.</summary>
internal sealed class OptionalConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(OptionalConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class OptionalConverter<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<T>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
