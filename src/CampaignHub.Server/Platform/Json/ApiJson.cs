using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;

namespace CampaignHub.Server.Platform.Json;

/// <summary>The one JSON dialect of the API: snake_case, RFC 3339 instants, unknown and repeated fields refused.</summary>
public static class ApiJson
{
    /// <summary>Deeper documents are refused (400) before they are built.</summary>
    public const int MaxDepth = 32;

    public static JsonSerializerOptions Options { get; } = Apply(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = MaxDepth;
        // Text in any script is written as it is. Answers are application/json with nosniff, so no browser reads them as HTML.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.ConfigureForNodaTime(DateTimeZoneProviders.Tzdb);
        options.Converters.Add(new StrictStringConverter());
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OptionalFields.Read } };
        return options;
    }
}
