using CampaignHub.Server.Platform.Json;
using Microsoft.OpenApi;
using NodaTime;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>Types as they stand on the wire: an <see cref="Optional{T}"/> is its value, NodaTime's are strings.</summary>
internal sealed class WireContracts(ISerializerDataContractResolver json) : ISerializerDataContractResolver
{
    public DataContract GetDataContractForType(Type type) =>
        Unwrap(type) is var value && value != type ? GetDataContractForType(value) : json.GetDataContractForType(type);

    /// <summary>The type inside an <c>Optional</c> or a <c>Nullable</c>.</summary>
    public static Type Unwrap(Type type) =>
        IsOptional(type) ? Unwrap(type.GetGenericArguments()[0]) : Nullable.GetUnderlyingType(type) ?? type;

    public static bool IsOptional(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);
}

internal static class WireTypes
{
    public static void MapWireTypes(this SwaggerGenOptions swagger)
    {
        swagger.Map<Instant>("date-time", null, "2026-11-27T01:00:00Z");
        swagger.Map<LocalDate>("date", null, "2026-11-27");
        swagger.Map<LocalTime>(null, "^([01][0-9]|2[0-3]):[0-5][0-9]$", "10:00");
        swagger.Map<LocalDateTime>(null, "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$", "2026-11-27T10:00");
        swagger.Map<Duration>("duration", null, "PT1H");
        swagger.Map<Period>("duration", null, "PT1H");
        swagger.Map<DateTimeZone>(null, null, "Europe/Berlin");
    }

    /// <summary>Values as the contract writes them, whatever NodaTime's own patterns are.</summary>
    private static void Map<T>(this SwaggerGenOptions swagger, string? format, string? pattern, string example)
    {
        foreach (var type in typeof(T).IsValueType ? new[] { typeof(T), typeof(Nullable<>).MakeGenericType(typeof(T)) } : [typeof(T)])
            foreach (var wire in new[] { type, typeof(Optional<>).MakeGenericType(type) })
                swagger.MapType(wire, () => new OpenApiSchema { Type = JsonSchemaType.String, Format = format, Pattern = pattern, Examples = [example] });
    }
}
