using System.Text.Json;
using System.Text.Json.Serialization;

namespace CampaignHub.Server.Platform.Json;

/// <summary>
/// Strings that PostgreSQL and mail can hold: a NUL is refused here, once, for every field.
/// (Lone surrogates are refused by the reader itself.)
/// </summary>
internal sealed class StrictStringConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("Expected a string.");
        var text = reader.GetString();
        return text is not null && text.Contains('\0') ? throw new JsonException("A string must not contain NUL.") : text;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
